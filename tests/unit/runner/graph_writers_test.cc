// The graph in the formats of other programs; names are text in all of them.
#include "runner/graph_writers.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/graph_text.h"

namespace {

using graph::ViewLevel;
using nlohmann::json;

constexpr const char* kHostile = "q\"b\\n<b>&lt;\n\x1b[31m\xff</script>";

class Written {
 public:
  explicit Written(std::string_view text) : graph(support::graph_from_text(text)) {}

  std::string operator()(std::string (*write)(const runner::ShownGraph&),
                         ViewLevel level = ViewLevel::kModule, const std::vector<bool>& changed = {}) const {
    const graph::Condensation components = graph::condense(graph);
    graph::ViewOptions options;
    options.level = level;
    options.changed = options.affected = changed;
    const graph::GraphView view = graph::whole_view(graph, components, graph::import_uses(graph), options);
    return write({view, graph, components});
  }

  graph::ModuleGraph graph;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("JSON lists modules in load order and components in processing order") {
  Written written("a -> b/10; b -> a c/25; c");
  written.graph.modules[0].root_source = true;
  written.graph.modules[2].ignore_all = true;
  written.graph.modules[1].suppressed.push_back({.name = "gone", .priority = 10, .line = 7});
  CHECK(json::parse(written(runner::graph_json)) == json::parse(R"({
    "format": 1, "level": "module",
    "modules": [
      {"name": "a", "path": "a.py", "named": true, "own": true, "component": 1, "package": "a",
       "dependencies": [{"module": "b", "priority": 10, "line": 1, "use": "run-time", "lines": [1]}],
       "suppressed": []},
      {"name": "b", "path": "b.py", "named": false, "own": true, "component": 1, "package": "b",
       "dependencies": [{"module": "a", "priority": 5, "line": 1, "use": "run-time", "lines": [1]},
                        {"module": "c", "priority": 25, "line": 1, "use": "type-checking", "lines": [1]}],
       "suppressed": [{"module": "gone", "priority": 10, "line": 7}]},
      {"name": "c", "path": "c.py", "named": false, "own": false, "component": 0, "package": "c",
       "dependencies": [], "suppressed": []}],
    "components": [
      {"id": 0, "modules": ["c"], "dependencies": [], "wave": 0},
      {"id": 1, "modules": ["a", "b"], "dependencies": [0], "wave": 1}]})"));
}

TEST_CASE("JSON of components and packages counts imports") {
  const Written written("p.a -> p.b q/20; p.b -> p.a q; q");
  CHECK(json::parse(written(runner::graph_json, ViewLevel::kComponent)) == json::parse(R"({
    "format": 1, "level": "component", "components": [
      {"id": 0, "modules": ["q"], "own": true, "cycle": false, "wave": 0, "imports": []},
      {"id": 1, "modules": ["p.b", "p.a"], "own": true, "cycle": true, "wave": 1,
       "imports": [{"component": 0, "use": "run-time", "imports": 2}]}]})"));
  CHECK(json::parse(written(runner::graph_json, ViewLevel::kPackage, {false, true, false})) ==
        json::parse(R"({
    "format": 1, "level": "package", "packages": [
      {"name": "p", "modules": ["p.a", "p.b"], "own": true, "cycle": null, "mark": "changed",
       "imports": [{"package": "q", "use": "run-time", "imports": 2}]},
      {"name": "q", "modules": ["q"], "own": true, "cycle": null, "mark": null, "imports": []}]})"));
}

TEST_CASE("DOT has a cluster for each package, cycles in red, weak imports dotted and dashed") {
  Written written("p.a -> p.b; p.b -> p.a/25 q/20; q");
  written.graph.modules[2].ignore_all = true;
  CHECK(written(runner::graph_dot) ==
        "// red: in an import cycle; dotted: for type checkers only; dashed: inside of a function\n"
        "digraph imports {\n"
        "  rankdir=LR;\n"
        "  node [shape=box];\n"
        "  subgraph cluster_0 {\n"
        "    label=\"p\";\n"
        "    \"p.a\" [color=\"#c01c28\"];\n"
        "    \"p.b\" [color=\"#c01c28\"];\n"
        "  }\n"
        "  subgraph cluster_1 {\n"
        "    label=\"q\";\n"
        "    \"q\" [style=\"dashed\"];\n"
        "  }\n"
        "  \"p.a\" -> \"p.b\" [color=\"#c01c28\"];\n"
        "  \"p.b\" -> \"p.a\" [style=dotted, color=\"#c01c28\"];\n"
        "  \"p.b\" -> \"q\" [style=dashed];\n"
        "}\n");
  CHECK(has(written(runner::graph_dot, ViewLevel::kModule, {true, false, false}),
            "\"p.a\" [style=\"filled\", fillcolor=\"#f9b64b\", color=\"#c01c28\"];"));
}

TEST_CASE("a flow chart has the same signs") {
  Written written("p.a -> p.b; p.b -> p.a/25 q/20; q");
  written.graph.modules[2].ignore_all = true;
  CHECK(written(runner::graph_mermaid) ==
        "flowchart LR\n"
        "  subgraph p0[\"p\"]\n"
        "    n0[\"p.a\"]\n"
        "    n1[\"p.b\"]\n"
        "  end\n"
        "  subgraph p1[\"q\"]\n"
        "    n2[\"q\"]\n"
        "  end\n"
        "  n0 --> n1\n"
        "  n1 -. types .-> n0\n"
        "  n1 -.-> n2\n"
        "  linkStyle 0,1 stroke:#c01c28\n"
        "  classDef followed stroke-dasharray:4 3\n"
        "  class n2 followed\n"
        "  classDef cycle stroke:#c01c28\n"
        "  class n0,n1 cycle\n");
}

TEST_CASE("the list for people says where imports stand") {
  const Written written("p.a -> p.b; p.b -> p.a/25 q/20; q");
  CHECK(written(runner::graph_listing) ==
        "p.a (p.a.py), in import cycle 1\n"
        "  imports p.b in line 1, in the cycle\n"
        "p.b (p.b.py), in import cycle 1\n"
        "  imports p.a in line 1, for type checkers only, in the cycle\n"
        "  imports q in line 1, inside of a function\n"
        "q (q.py)\n");
  CHECK(written(runner::graph_listing, ViewLevel::kComponent, {false, false, true}) ==
        "q, changed\n"
        "p.a and 1 more\n"
        "  imports q (1 import), inside of a function\n");
}

TEST_CASE("any name is text, in every format") {
  Written written("a -> b; b");
  written.graph.modules[0].name = kHostile;
  written.graph.modules[0].path = kHostile;
  const json exported = json::parse(written(runner::graph_json));
  CHECK(exported["modules"][0]["name"] == "q\"b\\n<b>&lt;\n\x1b[31m\xef\xbf\xbd</script>");
  CHECK(has(written(runner::graph_dot), R"("q\"b\\n<b>&amp;lt; \\x1b[31m)"));
  const std::string xml = written(runner::graph_graphml);
  CHECK(has(xml,
            "<data key=\"name\">q&quot;b\\n&lt;b&gt;&amp;lt; \\x1b[31m\xef\xbf\xbd&lt;/script&gt;</data>"));
  CHECK(has(written(runner::graph_mermaid),
            "[\"q#34;b#92;n#60;b#62;#38;lt#59;#32;#92;x1b#91;31m\xef\xbf\xbd#60;/script#62;\"]"));
  for (auto* write : {runner::graph_json, runner::graph_dot, runner::graph_graphml, runner::graph_mermaid,
                      runner::graph_listing}) {
    const std::string text = written(write);
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\xff"));
  }
}

TEST_CASE("names that look alike stay different nodes") {
  Written written("a -> b; b");
  written.graph.modules[0].name = "x\xff";
  written.graph.modules[1].name = "x\xfe";
  CHECK(has(written(runner::graph_dot), "\"x\xef\xbf\xbd\" -> \"x\xef\xbf\xbd (2)\";"));
}

TEST_CASE("an empty graph is well-formed in every format") {
  const Written written("");
  CHECK(json::parse(written(runner::graph_json))["modules"].empty());
  CHECK(has(written(runner::graph_dot), "digraph imports {"));
  CHECK(written(runner::graph_mermaid) == "flowchart LR\n");
  CHECK(written(runner::graph_listing).empty());
}

// The graph as text for other tools.
#include "graph/graph_export.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/graph_text.h"

using nlohmann::json;

TEST_CASE("JSON lists modules in load order and components in processing order") {
  graph::ModuleGraph graph = support::graph_from_text("a -> b/10; b -> a c; c");
  graph.modules[0].root_source = true;
  graph.modules[2].ignore_all = true;
  graph.modules[1].suppressed.push_back({.name = "gone", .priority = 10, .line = 7});
  const json exported = json::parse(graph::graph_to_json(graph, graph::condense(graph)));
  CHECK(exported == json::parse(R"({
    "format": 1,
    "modules": [
      {"name": "a", "path": "a.py", "named": true, "own": true, "component": 1,
       "dependencies": [{"module": "b", "priority": 10, "line": 1}], "suppressed": []},
      {"name": "b", "path": "b.py", "named": false, "own": true, "component": 1,
       "dependencies": [{"module": "a", "priority": 5, "line": 1}, {"module": "c", "priority": 5, "line": 1}],
       "suppressed": [{"module": "gone", "priority": 10, "line": 7}]},
      {"name": "c", "path": "c.py", "named": false, "own": false, "component": 0,
       "dependencies": [], "suppressed": []}],
    "components": [
      {"id": 0, "modules": ["c"], "dependencies": [], "wave": 0},
      {"id": 1, "modules": ["a", "b"], "dependencies": [0], "wave": 1}]})"));
}

TEST_CASE("DOT has a cluster for each cycle and an edge for each import") {
  const graph::ModuleGraph graph = support::graph_from_text("a -> b; b -> a c; c");
  CHECK(graph::graph_to_dot(graph, graph::condense(graph)) ==
        "digraph modules {\n"
        "  node [shape=box];\n"
        "  \"c\";\n"
        "  subgraph cluster_1 {\n"
        "    \"b\";\n"
        "    \"a\";\n"
        "  }\n"
        "  \"a\" -> \"b\";\n"
        "  \"b\" -> \"a\";\n"
        "  \"b\" -> \"c\";\n"
        "}\n");
}

TEST_CASE("any name is text") {
  graph::ModuleGraph graph = support::graph_from_text("a");
  graph.modules[0].name = "q\"b\\n<b>\n\xff";
  const graph::Condensation components = graph::condense(graph);
  const json exported = json::parse(graph::graph_to_json(graph, components));
  CHECK(exported["modules"][0]["name"] == "q\"b\\n<b>\n\xef\xbf\xbd");
  CHECK(exported["components"][0]["modules"][0] == "q\"b\\n<b>\n\xef\xbf\xbd");
  const std::string dot = graph::graph_to_dot(graph, components);
  CHECK(dot.find(R"("q\"b\\n<b>\\x0a)") != std::string::npos);
}

// What the page of a graph knows.
#include "runner/page_data.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runner/json_string.h"
#include "tests/support/graph_text.h"

namespace {

using nlohmann::json;

struct Page {
  explicit Page(std::string_view text)
      : graph(support::graph_from_text(text)),
        components(graph::condense(graph)),
        uses(graph::import_uses(graph)),
        cycles(graph::import_cycles(graph, components, uses)),
        measured(runner::nothing_measured(graph, components)),
        visible(graph.modules.size(), true) {}

  std::string text(const runner::AffectedModules* affected = nullptr) const {
    return runner::page_data({"shop", graph, components, uses, cycles, measured, visible, affected});
  }

  graph::ModuleGraph graph;
  graph::Condensation components;
  graph::ImportUses uses;
  std::vector<graph::ImportCycle> cycles;
  runner::MeasuredCosts measured;
  std::vector<bool> visible;
};

}  // namespace

TEST_CASE("the page's data has a column for everything") {
  Page page("p.a -> p.b q; p.b -> p.a/25; q");
  page.graph.modules[2].ignore_all = true;
  page.measured.seconds = {0.5, 3.0};
  page.measured.errors = {2, 0, std::nullopt};
  const runner::AffectedModules affected{"main", {false, true, false}, {true, true, false}};
  json data = json::parse(page.text(&affected));
  data.erase("typewave");
  CHECK(data == json::parse(R"({
    "format": 1, "project": "shop",
    "modules": {"name": ["p.a", "p.b", "q"], "path": ["p.a.py", "p.b.py", "q.py"], "own": [1, 1, 0],
                "component": [1, 1, 0], "package": [0, 0, 1], "bytes": [null, null, null],
                "errors": [2, 0, null], "seconds": [1.5, 1.5, 0.5], "fan_in": [1, 1, 1]},
    "imports": [[[1, 0, 1], [2, 0, 1]], [[0, 2, 1]], []],
    "components": {"modules": [[2], [1, 0]], "wave": [0, 1], "seconds": [0.5, 3], "x": [0, 2], "y": [0, 0]},
    "packages": {"name": ["p", "q"], "parent": [-1, -1], "x": [2, 0], "y": [0, 0]},
    "cycles": [{"component": 1, "seconds": 3, "chain": 1,
                "cuts": [{"from": 1, "to": 0, "path": "p.b.py", "line": 1, "lines": [1], "kind": 2, "left": 1}]}],
    "waves": [{"components": 1, "modules": 1, "seconds": 0.5}, {"components": 1, "modules": 2, "seconds": 3}],
    "affected": {"since": "main", "changed": [1], "affected": [0, 1]}})"));
}

TEST_CASE("what is not visible has no number, and a cycle that is visible in part is not told") {
  Page page("a -> b c; b -> a; c");
  page.visible = {true, false, true};
  const json data = json::parse(page.text());
  CHECK(data["modules"]["name"] == json{"a", "c"});
  CHECK(data["imports"] == json::parse("[[[1,0,1]],[]]"));
  CHECK(data["components"]["modules"] == json::parse("[[1],[0]]"));
  CHECK(data["packages"]["name"] == json{"a", "c"});
  CHECK(data["cycles"].empty());
  CHECK(data["affected"].is_null());
}

TEST_CASE("nothing in it means anything to HTML or to a terminal") {
  Page page("a; b");
  page.graph.modules[0].name = "</script><!--&\"'\x1b[1m\n\xff\xe2\x80\xa8";
  page.graph.modules[0].path = page.graph.modules[0].name + ".py";
  const std::string text = page.text();
  for (const char c : text) CHECK((c == '\n' || (c >= 0x20 && c < 0x7F && c != '<' && c != '>' && c != '&')));
  CHECK(json::parse(text)["modules"]["name"][0] == "</script><!--&\"'\\x1b[1m \xef\xbf\xbd\xe2\x80\xa8");
}

TEST_CASE("a JSON string is plain ASCII and reads as what it was") {
  const std::string text = "a\"\\\n\t\x7f<&>\xc3\xa9\xf0\x9f\x90\x8d";
  CHECK(json::parse(runner::json_string(text)) == text);
  CHECK(runner::json_string("\xc3\xa9\xf0\x9f\x90\x8d<") == "\"\\u00e9\\ud83d\\udc0d\\u003c\"");
  CHECK(runner::json_string("\xff\xed\xa0\x80") == "\"\\ufffd\\ufffd\"");
}

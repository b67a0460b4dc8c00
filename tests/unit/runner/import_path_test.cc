// The shortest chain of imports between two modules.
#include "runner/import_path.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/graph_text.h"

namespace runner {
namespace {

std::optional<std::string> chain(const char* text, const std::string& from, const std::string& to) {
  const graph::ModuleGraph graph = support::graph_from_text(text);
  const auto steps = shortest_imports(graph, *graph.find(from),
                                      [&](graph::ModuleId module) { return graph[module].name == to; });
  if (!steps) return std::nullopt;
  std::string result = from;
  for (const ImportStep& step : *steps) result += " " + graph[step.imported].name;
  return result;
}

TEST_CASE("the shortest chain, and of equally short ones the first") {
  CHECK(chain("a -> b c; b -> d; c -> d; d", "a", "d") == "a b d");
  CHECK(chain("a -> b c; b -> e; e -> d; c -> d; d", "a", "d") == "a c d");
  CHECK(chain("a -> b; b -> a c; c", "a", "c") == "a b c");
}

TEST_CASE("a module reaches itself by no import at all") {
  CHECK(chain("a -> b; b -> a", "a", "a") == "a");
}

TEST_CASE("what is not reached") {
  CHECK(chain("a -> b; b; c -> a", "a", "c") == std::nullopt);
}

}  // namespace
}  // namespace runner

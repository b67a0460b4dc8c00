// Which modules form a component, and in which order mypy processes components and the modules inside.
#include "graph/condensation.h"

#include <doctest/doctest.h>

#include "tests/support/graph_text.h"

namespace {

std::string condensed(std::string_view text) {
  const graph::ModuleGraph graph = support::graph_from_text(text);
  return support::text_of(graph, graph::condense(graph));
}

}  // namespace

TEST_CASE("an empty graph has no components") {
  const graph::Condensation components = graph::condense(graph::ModuleGraph{});
  CHECK(components.size() == 0);
  CHECK(components.wave_count() == 0);
}

TEST_CASE("a cycle is one component, dependencies come first") {
  CHECK(condensed("a -> b; b -> a c; c") == "c | b a");
  CHECK(condensed("a -> b; b -> c; c -> d; d -> b; e -> a") == "d c b | a | e");
}

TEST_CASE("a module that imports itself is no cycle") {
  CHECK(condensed("a -> a b; b") == "b | a");
}

TEST_CASE("equally strong imports: the module loaded last comes first") {
  CHECK(condensed("a -> b; b -> a") == "b a");
  CHECK(condensed("a -> b/20; b -> a/20") == "b a");
}

TEST_CASE("the weakest imports of a cycle are dropped first") {
  CHECK(condensed("a -> b/20; b -> a") == "a b");
  CHECK(condensed("a -> b/10; b -> c/25; c -> a/5") == "b a c");
  // Without its weakest import the cycle holds a smaller one, which is ordered by itself.
  CHECK(condensed("a -> b/20 c; b -> a; c -> a/10 d; d -> c") == "d c a b");
}

TEST_CASE("parts of equal rank: the part with the later first module comes first") {
  CHECK(condensed("a -> b/20 c/20; b -> a; c -> a") == "a c b");
}

TEST_CASE("the component of builtins is in descending order of names, builtins last") {
  CHECK(condensed("builtins -> abc typing; typing -> builtins/20; abc -> builtins") == "typing abc builtins");
}

TEST_CASE("leaves are queued with the module loaded last first") {
  CHECK(condensed("a -> builtins; b -> builtins; builtins") == "builtins | b | a");
  CHECK(condensed("a; b; c") == "c | b | a");
}

TEST_CASE("components enter the queue when their last dependency is done") {
  // Waves alone would put m, which is loaded after n, first.
  CHECK(condensed("x; y; n -> y; m -> x") == "y | x | n | m");
  CHECK(condensed("x; y; top -> n x; n -> y; m -> x") == "y | x | n | m | top");
}

TEST_CASE("components know their neighbours and waves") {
  const graph::ModuleGraph graph = support::graph_from_text("a -> b c; b -> c; c -> d; d -> c; e");
  const graph::Condensation components = graph::condense(graph);
  const graph::ComponentId a = components.of(*graph.find("a"));
  const graph::ComponentId b = components.of(*graph.find("b"));
  const graph::ComponentId c = components.of(*graph.find("c"));
  CHECK(components.of(*graph.find("d")) == c);
  CHECK(components[a].dependencies == std::vector{c, b});
  CHECK(components[b].dependents == std::vector{a});
  CHECK(components[c].dependents == std::vector{b, a});
  CHECK(components[a].wave == 2);
  CHECK(components[c].wave == 0);
  CHECK(components.wave_count() == 3);
}

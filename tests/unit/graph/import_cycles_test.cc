// Import cycles: what they cost, and what to remove.
#include "graph/import_cycles.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "tests/support/graph_text.h"

namespace {

std::vector<graph::ImportCycle> cycles_of(const graph::ModuleGraph& graph) {
  return graph::import_cycles(graph, graph::condense(graph), graph::import_uses(graph));
}

// "a>b a>c"
std::string cut_of(const graph::ModuleGraph& graph, const graph::ImportCycle& cycle) {
  std::string text;
  for (const graph::CutImport& cut : cycle.cut) {
    text += (text.empty() ? "" : " ") + graph[cut.from].name + ">" + graph[cut.to].name;
  }
  return text;
}

void remove_import(graph::ModuleGraph& graph, const graph::CutImport& cut) {
  std::erase_if(graph.modules[cut.from.value].dependencies,
                [&](const graph::Dependency& dependency) { return dependency.module == cut.to; });
}

std::size_t largest_component(const graph::ModuleGraph& graph) {
  std::size_t largest = 0;
  const graph::Condensation components = graph::condense(graph);
  for (const graph::Component& component : components.components())
    largest = std::max(largest, component.modules.size());
  return largest;
}

std::string random_graph(std::mt19937& random, std::uint32_t modules) {
  std::string text;
  const char* priorities[] = {"/5", "/10", "/20", "/25"};
  for (std::uint32_t i = 0; i < modules; ++i) {
    text += "m" + std::to_string(i) + " ->";
    std::set<std::uint32_t> targets;
    while (targets.size() < std::min(3U, modules - 1)) {
      const auto target = static_cast<std::uint32_t>(random() % modules);
      if (target != i) targets.insert(target);
    }
    for (const std::uint32_t target : targets)
      text += " m" + std::to_string(target) + priorities[random() % 4];
    text += ";";
  }
  return text;
}

}  // namespace

TEST_CASE("a graph without cycles has none to tell") {
  CHECK(cycles_of(support::graph_from_text("a -> b c; b -> c")).empty());
}

TEST_CASE("of a cycle the import for type checkers goes first, then that inside of a function") {
  const graph::ModuleGraph types = support::graph_from_text("a -> b; b -> c/25; c -> a/20");
  REQUIRE(cycles_of(types).size() == 1);
  CHECK(cut_of(types, cycles_of(types)[0]) == "b>c");
  const graph::ModuleGraph function = support::graph_from_text("a -> b; b -> c; c -> a/20");
  CHECK(cut_of(function, cycles_of(function)[0]) == "c>a");
}

TEST_CASE("an import that nobody wrote, or that lies in a library, cannot be removed") {
  graph::ModuleGraph graph = support::graph_from_text("a -> b; b -> a/25");
  graph.modules[1].ignore_all = true;
  CHECK(cut_of(graph, cycles_of(graph)[0]) == "a>b");
  graph.modules[0].ignore_all = true;
  const graph::ImportCycle library = cycles_of(graph)[0];
  CHECK_FALSE(library.own);
  CHECK(library.cut.empty());
  CHECK(library.left == 2);
}

TEST_CASE("a cycle's chain is as long as if its modules were checked one after the other") {
  // below <- a <-> b <- c, top
  const graph::ModuleGraph graph =
      support::graph_from_text("top -> c; c -> b; b -> a; a -> b/25 below; below");
  const graph::ImportCycle cycle = cycles_of(graph)[0];
  CHECK(cycle.chain == 5);
  CHECK(cycle.chain_after_cut == 5);
  const graph::ModuleGraph ring =
      support::graph_from_text("a -> b c d; b -> a/25; c -> a/25; d -> a/25; top -> d");
  CHECK(cycles_of(ring)[0].chain == 5);
  CHECK(cycles_of(ring)[0].chain_after_cut == 2);
}

TEST_CASE("whatever imports a cycle depends on it") {
  const graph::ModuleGraph graph =
      support::graph_from_text("x -> a; y -> x z; z -> y; a -> b; b -> a; other");
  const std::vector<graph::ImportCycle> cycles = cycles_of(graph);
  REQUIRE(cycles.size() == 2);
  const graph::ImportCycle& cycle =
      graph[graph::condense(graph)[cycles[0].component].modules[0]].name < "c" ? cycles[0] : cycles[1];
  CHECK(cycle.dependent_components == 2);
  CHECK(cycle.dependent_modules == 3);
}

TEST_CASE("the cut splits the graph as it says, and none of it is needless") {
  std::mt19937 random(660);
  for (int round = 0; round < 25; ++round) {
    const auto size = static_cast<std::uint32_t>(3 + random() % 25);
    const graph::ModuleGraph whole = support::graph_from_text(random_graph(random, size));
    for (const graph::ImportCycle& cycle : cycles_of(whole)) {
      graph::ModuleGraph others = whole;  // without the other cycles
      for (const graph::ImportCycle& other : cycles_of(whole)) {
        if (other.component == cycle.component) continue;
        for (const graph::CutImport& cut : other.cut) remove_import(others, cut);
      }
      graph::ModuleGraph graph = others;
      for (const graph::CutImport& cut : cycle.cut) {
        remove_import(graph, cut);
        CHECK(largest_component(graph) == cut.left);
      }
      CHECK(largest_component(graph) == 1);
      for (const graph::CutImport& needed : cycle.cut) {
        graph::ModuleGraph most = others;
        for (const graph::CutImport& cut : cycle.cut) {
          if (&cut != &needed) remove_import(most, cut);
        }
        CHECK(largest_component(most) > 1);
      }
    }
  }
}

// Which components a component reaches, and the set they are kept in.
#include "scheduler/component_closure.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/graph_text.h"

namespace scheduler {
namespace {

using graph::ComponentId;

// The closure of the component of one module: names of first modules, dependencies first.
std::string closure(std::string_view text, const std::string& module) {
  const graph::ModuleGraph graph = support::graph_from_text(text);
  const graph::Condensation components = graph::condense(graph);
  const ComponentClosure closures(components);
  std::string names;
  for (const ComponentId id : closures[components.of(*graph.find(module))].members()) {
    if (!names.empty()) names += ' ';
    names += graph[components[id].modules.front()].name;
  }
  return names;
}

TEST_CASE("a component reaches itself and all below it, nothing beside or above") {
  const char* diamond = "top -> left right; left -> base; right -> base; other -> base";
  CHECK(closure(diamond, "base") == "base");
  CHECK(closure(diamond, "left") == "base left");
  CHECK(closure(diamond, "top") == "base right left top");
}

TEST_CASE("a cycle is reached as a whole") {
  CHECK(closure("a -> b; b -> c d; c -> b; d", "a") == "d c a");
}

TEST_CASE("a chain longer than one word of bits is reached to its end") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "m" + std::to_string(i) + " -> m" + std::to_string(i + 1) + ";";
  const graph::ModuleGraph graph = support::graph_from_text(text);
  const graph::Condensation components = graph::condense(graph);
  const ComponentClosure closures(components);
  CHECK(closures[components.of(*graph.find("m0"))].size() == 201);
  CHECK(closures[components.of(*graph.find("m150"))].size() == 51);
}

TEST_CASE("a set gives its members in ascending order, across words") {
  ComponentSet set(200);
  for (const std::uint32_t id : {199u, 0u, 64u, 63u, 64u}) set.insert({id});
  CHECK(set.members() == std::vector<ComponentId>{{0}, {63}, {64}, {199}});
  CHECK(set.size() == 4);
  CHECK(set.contains({63}));
  CHECK_FALSE(set.contains({65}));
}

TEST_CASE("merge adds, subtract takes away, neither touches the other set") {
  ComponentSet a(100), b(100);
  a.insert({1});
  a.insert({70});
  b.insert({70});
  b.insert({99});
  ComponentSet both = a;
  both.merge(b);
  CHECK(both.members() == std::vector<ComponentId>{{1}, {70}, {99}});
  both.subtract(b);
  CHECK(both.members() == std::vector<ComponentId>{{1}});
  CHECK(b.size() == 2);
}

TEST_CASE("a graph without components has no closures") {
  const graph::ModuleGraph graph;
  const graph::Condensation components = graph::condense(graph);
  const ComponentClosure closures(components);
  CHECK(ComponentSet(components.size()).members().empty());
}

}  // namespace
}  // namespace scheduler

// Which components a component reaches, and the set they are kept in.
#include "scheduler/component_closure.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

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

TEST_CASE("sets that share what they agree on are changed one at a time") {
  constexpr std::uint32_t kLarge = 10'000;
  ComponentSet a(kLarge);
  for (std::uint32_t id = 0; id < kLarge; id += 3) a.insert({id});
  ComponentSet b = a;
  b.insert({1});
  CHECK(b.count_outside(a) == 1);
  CHECK(a.count_outside(b) == 0);
  CHECK_FALSE(a.contains({1}));
  ComponentSet c(kLarge);
  c.merge(b);  // takes over b's blocks
  c.insert({2});
  c.subtract(a);
  CHECK(c.members() == std::vector<ComponentId>{{1}, {2}});
  CHECK_FALSE(b.contains({2}));
  b.merge(c);
  CHECK(b.contains({2}));
  CHECK(a.size() == (kLarge + 2) / 3);
  CHECK(c.size() == 2);
  c.subtract(c);
  CHECK(c.members().empty());
}

TEST_CASE("sets of random members merge, subtract and count as sets do") {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const auto width = static_cast<std::uint32_t>(1 + random() % 9000);
    std::set<std::uint32_t> expected[2];
    ComponentSet sets[2] = {ComponentSet(width), ComponentSet(width)};
    for (int k = 0; k < 2; ++k) {
      for (auto count = static_cast<std::uint32_t>(random() % 60); count > 0; --count) {
        const auto id = static_cast<std::uint32_t>(random() % width);
        expected[k].insert(id);
        sets[k].insert({id});
      }
    }
    ComponentSet merged = sets[0];
    merged.merge(sets[1]);
    std::set<std::uint32_t> all = expected[0];
    all.insert(expected[1].begin(), expected[1].end());
    CHECK(merged.members().size() == all.size());
    CHECK(merged.size() == all.size());
    CHECK(merged.count_outside(sets[0]) == all.size() - expected[0].size());
    merged.subtract(sets[0]);
    for (const std::uint32_t id : all) CHECK(merged.contains({id}) == !expected[0].contains(id));
    CHECK(sets[1].size() == expected[1].size());
  }
}

TEST_CASE("closures are the same whichever are asked for first, and however many threads ask") {
  std::mt19937 random(5);
  std::string text;
  constexpr int kModules = 400;
  for (int i = 0; i < kModules; ++i) {
    text += "m" + std::to_string(i) + " ->";
    for (auto count = random() % 4; count > 0 && i > 0; --count) {
      text += " m" + std::to_string(random() % static_cast<unsigned>(i));
    }
    text += "; ";
  }
  const graph::ModuleGraph graph = support::graph_from_text(text);
  const graph::Condensation components = graph::condense(graph);
  const auto members_in = [&](const ComponentClosure& closures, std::uint32_t first) {
    std::vector<std::vector<ComponentId>> members(components.size());
    for (std::uint32_t i = 0; i < components.size(); ++i) {
      const std::uint32_t id = (first + i) % static_cast<std::uint32_t>(components.size());
      members[id] = closures[{id}].members();
    }
    return members;
  };
  const auto expected = members_in(ComponentClosure(components), 0);
  for (std::uint32_t id = 0; id < components.size(); ++id) {
    REQUIRE(expected[id] == ComponentClosure(components)[{id}].members());
  }
  const ComponentClosure shared(components);
  std::vector<std::vector<std::vector<ComponentId>>> found(3);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t i = 0; i < found.size(); ++i) {
      threads.emplace_back([&, i] { found[i] = members_in(shared, i * 150); });
    }
  }
  for (const auto& one : found) CHECK(one == expected);
}

TEST_CASE("a graph without components has no closures") {
  const graph::ModuleGraph graph;
  const graph::Condensation components = graph::condense(graph);
  const ComponentClosure closures(components);
  CHECK(ComponentSet(components.size()).members().empty());
}

}  // namespace
}  // namespace scheduler

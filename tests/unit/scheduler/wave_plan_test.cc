// Waves, critical path, and what more processors bring.
#include "scheduler/wave_plan.h"

#include <doctest/doctest.h>

#include "tests/support/graph_text.h"

namespace {

using scheduler::WavePlan;

struct Planned {
  explicit Planned(std::string_view text)
      : graph(support::graph_from_text(text)), components(graph::condense(graph)) {}
  // By the first letter of a component's first module: a is 1, b is 2...
  WavePlan plan() const {
    std::vector<double> costs;
    for (const graph::Component& component : components.components()) {
      costs.push_back(graph[component.modules.front()].name[0] - 'a' + 1);
    }
    return scheduler::plan_waves(components, costs);
  }
  std::string chain() const {
    std::string text;
    for (const graph::ComponentId id : plan().chain) text += graph[components[id].modules.front()].name;
    return text;
  }

  graph::ModuleGraph graph;
  graph::Condensation components;
};

}  // namespace

TEST_CASE("a wave has the work of its components") {
  const WavePlan plan = Planned("a -> b c; b; c; d -> a a").plan();
  REQUIRE(plan.waves.size() == 3);
  CHECK(plan.waves[0].components == 2);
  CHECK(plan.waves[0].work == 5);
  CHECK(plan.waves[1].work == 1);
  CHECK(plan.waves[2].modules == 1);
  CHECK(plan.work == 10);
  CHECK(plan.longest == 4);
}

TEST_CASE("the critical path is the most expensive chain, not the longest one") {
  CHECK(Planned("a -> b; b -> c; c; z").chain() == "z");
  CHECK(Planned("a -> b c; b; c; d -> a").chain() == "cad");
}

TEST_CASE("time is at least the critical path and an even share of the work") {
  const WavePlan plan = Planned("a -> b c; b; c; d -> a").plan();
  CHECK(plan.chain_work == 8);
  CHECK(plan.least_time(1) == 10);
  CHECK(plan.least_time(2) == 8);
  CHECK(plan.least_time(0) == 8);
}

TEST_CASE("nothing to check takes no time") {
  const WavePlan plan = Planned("").plan();
  CHECK(plan.waves.empty());
  CHECK(plan.chain.empty());
  CHECK(plan.least_time(4) == 0);
}

// Every transition between the states of a component, and when its interface counts as known.
#include "scheduler/run_state.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "tests/support/graph_text.h"

namespace scheduler {
namespace {

using enum ComponentState;

constexpr std::array kAll = {kUndecided, kReused, kReady,   kInterfaceReady,
                             kChecked,   kFailed, kSkipped, kLeftOut};
static_assert(kAll.size() == kComponentStates);

struct Fixture {
  graph::ModuleGraph graph = support::graph_from_text("a -> b; b -> a; c");
  graph::Condensation components = graph::condense(graph);
  RunState run{components};
  graph::ComponentId cycle = components.of(*graph.find("a"));
  graph::ComponentId single = components.of(*graph.find("c"));
};

std::string allowed_from(ComponentState from) {
  static constexpr std::array kNames = {"undecided", "reused", "ready",   "interface-ready",
                                        "checked",   "failed", "skipped", "left-out"};
  std::string text;
  for (const ComponentState to : kAll) {
    if (!is_allowed(from, to)) continue;
    if (!text.empty()) text += ' ';
    text += kNames[static_cast<std::size_t>(to)];
  }
  return text;
}

TEST_CASE("a component goes from undecided through ready and interface-ready to an end") {
  CHECK(allowed_from(kUndecided) == "reused ready failed skipped left-out");
  CHECK(allowed_from(kReady) == "reused interface-ready failed");
  CHECK(allowed_from(kInterfaceReady) == "checked failed");
}

TEST_CASE("nothing leads out of a final state") {
  for (const ComponentState state : {kReused, kChecked, kFailed, kSkipped, kLeftOut})
    CHECK(allowed_from(state) == "");
}

TEST_CASE("a new run has every component undecided and no interface") {
  Fixture f;
  CHECK(f.run.size() == 2);
  CHECK(f.run.count(kUndecided) == 2);
  CHECK(f.run.state(f.cycle) == kUndecided);
  CHECK_FALSE(f.run.interface_known(f.cycle));
  CHECK(f.run.interface_of(*f.graph.find("a")) == nullptr);
}

TEST_CASE("each module of a cycle has the interface at its place in the component") {
  Fixture f;
  const graph::Component& component = f.components[f.cycle];
  f.run[f.cycle].interfaces = {graph::sha256("first"), graph::sha256("second")};
  f.run.set(f.cycle, kReused);
  CHECK(*f.run.interface_of(component.modules[0]) == graph::sha256("first"));
  CHECK(*f.run.interface_of(component.modules[1]) == graph::sha256("second"));
  CHECK(f.run.interface_of(*f.graph.find("c")) == nullptr);
}

TEST_CASE("an interface is known from the interface phase on") {
  Fixture f;
  f.run.set(f.single, kReady);
  CHECK_FALSE(f.run.interface_known(f.single));
  f.run[f.single].interfaces = {graph::sha256("c")};
  CHECK_FALSE(f.run.interface_known(f.single));  // the state says it, not the field
  f.run.set(f.single, kInterfaceReady);
  CHECK(f.run.interface_known(f.single));
  f.run.set(f.single, kChecked);
  CHECK(f.run.interface_known(f.single));
}

TEST_CASE("a failure in the implementation phase leaves the interface standing, an earlier one has none") {
  Fixture f;
  f.run.set(f.single, kReady);
  f.run[f.single].interfaces = {graph::sha256("c")};
  f.run.set(f.single, kInterfaceReady);
  f.run.set(f.single, kFailed);
  CHECK(f.run.interface_known(f.single));
  f.run.set(f.cycle, kReady);
  f.run.set(f.cycle, kFailed);
  CHECK_FALSE(f.run.interface_known(f.cycle));
}

TEST_CASE("a skipped component has no interface") {
  Fixture f;
  f.run.set(f.single, kSkipped);
  CHECK_FALSE(f.run.interface_known(f.single));
}

TEST_CASE("what waits for an interface is no certain check, nor is what is decided") {
  Fixture f;
  CHECK(certain_checks(f.run) == 0);
  f.run[f.cycle].decision.verdict = Verdict::kCheck;
  CHECK(certain_checks(f.run) == 1);
  f.run[f.single].decision.verdict = Verdict::kCheck;
  CHECK(certain_checks(f.run) == 2);
  f.run.set(f.single, kLeftOut);
  CHECK(certain_checks(f.run) == 1);
}

TEST_CASE("the counts follow every transition") {
  Fixture f;
  f.run.set(f.single, kReady);
  f.run.set(f.cycle, kSkipped);
  CHECK(f.run.count(kUndecided) == 0);
  CHECK(f.run.count(kReady) == 1);
  CHECK(f.run.count(kSkipped) == 1);
  f.run.set(f.single, kFailed);
  CHECK(f.run.count(kReady) == 0);
  CHECK(f.run.count(kFailed) == 1);
}

}  // namespace
}  // namespace scheduler

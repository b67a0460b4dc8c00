// Reuse or check: what is stored under a static key against the interfaces of now.
#include "scheduler/decide.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/graph_text.h"
#include "tests/support/incremental_project.h"
#include "tests/support/memory_outcomes.h"

namespace scheduler {
namespace {

using support::IncrementalProject;
using Plan = std::vector<std::string>;

// A graph whose components are decided one at a time; all interfaces start as "1".
class Decided {
 public:
  explicit Decided(std::string_view text)
      : graph_(support::graph_from_text(text)),
        components_(graph::condense(graph_)),
        closure_(components_),
        run_(components_) {
    for (std::uint32_t i = 0; i < run_.size(); ++i) {
      run_[{i}].static_key = graph::sha256(std::to_string(i));
    }
  }

  graph::ComponentId component(const std::string& module) const {
    return components_.of(*graph_.find(module));
  }
  RunState& run() { return run_; }
  ComponentRecord& record(const std::string& module) { return run_[component(module)]; }

  // From now on the interface of a single module is known.
  Decided& know(const std::string& module, std::string_view interface = "1") {
    record(module).interfaces = {graph::sha256(interface)};
    run_.set(component(module), ComponentState::kReused);
    return *this;
  }

  // Keeps an outcome of `module` that was computed when the used modules had these interfaces.
  Decided& keep(const std::string& module, const std::vector<std::pair<std::string, std::string>>& used,
                double seconds = 0) {
    RunState then(components_);
    Outcome outcome;
    for (std::size_t i = 0; i < components_[component(module)].modules.size(); ++i) {
      outcome.modules.push_back({graph::sha256("interface " + std::to_string(i)), {}});
    }
    outcome.seconds = seconds;
    for (const auto& [name, interface] : used) {
      outcome.used.push_back(name);
      const graph::ComponentId id = component(name);
      then[id].interfaces.assign(components_[id].modules.size(), graph::sha256(interface));
      if (then.state(id) == ComponentState::kUndecided) then.set(id, ComponentState::kReused);
    }
    store.keep(record(module).static_key, manifest_entry(std::move(outcome), graph_, then));
    return *this;
  }

  // Keeps exactly this.
  Decided& keep_raw(const std::string& module, const ManifestEntry& entry) {
    store.keep(record(module).static_key, entry);
    return *this;
  }

  // As if an earlier run had found that an outcome of `module` holds, with its interface and those of the
  // used.
  Decided& know_outcome(const std::string& module,
                        const std::vector<std::pair<std::string, std::string>>& used, bool silent = true) {
    known_.by_component.resize(components_.size());
    known_.interfaces.resize(graph_.modules.size());
    known_.mentions_lines.resize(graph_.modules.size());
    KnownOutcome& outcome = known_.by_component[component(module).value];
    outcome = {.valid = true,
               .silent = silent,
               .first = static_cast<std::uint32_t>(known_.used.size()),
               .last = static_cast<std::uint32_t>(known_.used.size() + used.size()),
               .used_digest = {},
               .seconds = 1.5};
    known_.interfaces[graph_.find(module)->value] = graph::sha256("interface 0");
    for (const auto& [name, interface] : used) {
      known_.used.push_back(*graph_.find(name));
      known_.interfaces[graph_.find(name)->value] = graph::sha256(interface);
    }
    const auto entries = store.entries(record(module).static_key);
    if (!entries.empty()) outcome.used_digest = entries.front().used_digest;
    return *this;
  }

  DecisionInputs inputs() {
    return {graph_, components_, closure_, store, known_.by_component.empty() ? nullptr : &known_};
  }
  const Decision& decide(const std::string& module) {
    scheduler::decide(component(module), inputs(), run_);
    return record(module).decision;
  }

  support::MemoryOutcomes store;

 private:
  graph::ModuleGraph graph_;
  graph::Condensation components_;
  ComponentClosure closure_;
  RunState run_;
  KnownOutcomes known_;
};

void check_decision(const Decision& decision, Verdict verdict, Decision::Reason reason,
                    const std::string& detail) {
  CHECK(decision.verdict == verdict);
  CHECK(decision.reason == reason);
  CHECK(decision.detail == detail);
}

TEST_CASE("what was never checked has to be") {
  Decided d("a -> b");
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kNeverChecked, "");
}

TEST_CASE("an outcome holds when every used interface is what it was") {
  Decided d("a -> b c");
  d.know("b").know("c").keep("a", {{"b", "1"}, {"c", "1"}}, 2.5);
  check_decision(d.decide("a"), Verdict::kReuse, Decision::Reason::kSame, "");
  REQUIRE(d.record("a").outcome.has_value());
  CHECK(d.record("a").outcome->seconds == 2.5);
  CHECK(d.record("a").interfaces == std::vector{graph::sha256("interface 0")});
  CHECK(d.run().state(d.component("a")) == ComponentState::kUndecided);  // left to the caller
}

TEST_CASE("an outcome that is known to be silent holds without a look into the store") {
  Decided d("a -> b");
  d.know("b").know_outcome("a", {{"b", "1"}});
  const std::size_t before = d.store.lookups();
  check_decision(d.decide("a"), Verdict::kReuse, Decision::Reason::kSame, "");
  CHECK(d.store.lookups() == before);
  CHECK(d.record("a").taken_over);
  CHECK(d.record("a").interfaces == std::vector{graph::sha256("interface 0")});
  REQUIRE(d.record("a").outcome.has_value());
  CHECK(d.record("a").outcome->seconds == 1.5);
  CHECK(d.record("a").outcome->modules.size() == 1);
}

TEST_CASE("diagnostics of a known outcome come from the store; without them it is decided anew") {
  Decided d("a -> b");
  d.know("b").keep("a", {{"b", "1"}}, 2.5).know_outcome("a", {{"b", "1"}}, false);
  CHECK(d.decide("a").verdict == Verdict::kReuse);
  CHECK(d.record("a").outcome->seconds == 2.5);
  Decided lost("a -> b");
  lost.know("b").know_outcome("a", {{"b", "1"}}, false);
  check_decision(lost.decide("a"), Verdict::kCheck, Decision::Reason::kNeverChecked, "");
}

TEST_CASE("a known outcome does not hold when a used interface is another one or not known yet") {
  Decided d("a -> b");
  d.know("b", "2").keep("a", {{"b", "1"}}).know_outcome("a", {{"b", "1"}});
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kInterfaceChanged, "b");
  CHECK_FALSE(d.record("a").taken_over);
  Decided waiting("a -> b");
  waiting.know_outcome("a", {{"b", "1"}});
  check_decision(waiting.decide("a"), Verdict::kUndecided, Decision::Reason::kWaiting, "b");
  waiting.know("b");
  check_decision(waiting.decide("a"), Verdict::kReuse, Decision::Reason::kSame, "");
}

TEST_CASE(
    "what waited for an interface that turns out as it was is reused without comparing the others again") {
  Decided d("a -> b c; d -> b; e -> b");
  d.know("c").keep("a", {{"b", "1"}, {"c", "1"}}).keep("e", {{"b", "1"}});
  d.know_outcome("a", {{"b", "1"}, {"c", "1"}}).know_outcome("d", {{"b", "1"}}, false);
  for (const char* name : {"a", "d", "e"}) {
    check_decision(d.decide(name), Verdict::kUndecided, Decision::Reason::kWaiting, "b");
  }
  CHECK_FALSE(is_as_known(d.component("b"), d.inputs(), d.run()));
  SUBCASE("another interface") {
    d.know("b", "2");
    CHECK_FALSE(is_as_known(d.component("b"), d.inputs(), d.run()));
  }
  SUBCASE("the same") {
    d.know("b", "1");
    CHECK(is_as_known(d.component("b"), d.inputs(), d.run()));
    CHECK(reuse_as_known(d.component("a"), d.inputs(), d.run()));
    CHECK(d.record("a").decision.verdict == Verdict::kReuse);
    CHECK(d.record("a").interfaces == std::vector{graph::sha256("interface 0")});
    CHECK_FALSE(reuse_as_known(d.component("d"), d.inputs(), d.run()));  // its diagnostics are lost
    CHECK_FALSE(reuse_as_known(d.component("e"), d.inputs(), d.run()));  // of which nothing is known
  }
}

TEST_CASE("an outcome without used modules holds always") {
  Decided d("a -> b");
  d.know("b", "2").keep("a", {});
  CHECK(d.decide("a").verdict == Verdict::kReuse);
}

TEST_CASE("an import whose interface was not looked at does not count") {
  Decided d("a -> b c");
  d.know("b").know("c", "other than ever").keep("a", {{"b", "1"}});
  CHECK(d.decide("a").verdict == Verdict::kReuse);
}

TEST_CASE("the decision names the used module whose interface changed") {
  Decided d("a -> b c");
  d.know("b").know("c", "2").keep("a", {{"b", "1"}, {"c", "1"}});
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kInterfaceChanged, "c");
  CHECK_FALSE(d.record("a").outcome.has_value());
  CHECK(d.record("a").interfaces.empty());
}

TEST_CASE("a used module may be reached through others") {
  Decided d("a -> b; b -> c");
  d.know("b").know("c").keep("a", {{"b", "1"}, {"c", "1"}});
  CHECK(d.decide("a").verdict == Verdict::kReuse);
}

TEST_CASE("a used module that is no longer imported cannot hold, even with the interface it had") {
  Decided d("a -> b; c");
  d.know("b").know("c").keep("a", {{"b", "1"}, {"c", "1"}});
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kNotReachable, "c");
}

TEST_CASE("a used module that is gone from the run cannot hold") {
  Decided with_c("a -> b c"), without("a -> b");
  without.know("b");
  ManifestEntry entry;
  with_c.keep("a", {{"b", "1"}, {"c", "1"}});
  entry = with_c.store.entries(with_c.record("a").static_key).front();
  without.keep_raw("a", entry);
  check_decision(without.decide("a"), Verdict::kCheck, Decision::Reason::kNotReachable, "c");
}

TEST_CASE("while a used interface is unknown the component is undecided, and says for what it waits") {
  Decided d("a -> b c d");
  d.know("b").keep("a", {{"b", "1"}, {"c", "1"}, {"d", "1"}});
  check_decision(d.decide("a"), Verdict::kUndecided, Decision::Reason::kWaiting, "c");
  d.know("c").know("d");
  CHECK(d.decide("a").verdict == Verdict::kReuse);
}

TEST_CASE("a changed interface decides although others are unknown") {
  Decided d("a -> b c");
  d.know("c", "2").keep("a", {{"b", "1"}, {"c", "1"}});
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kInterfaceChanged, "c");
}

TEST_CASE("of several entries that hold, the newest is reused") {
  Decided d("a -> b");
  d.know("b").keep("a", {{"b", "1"}}, 1).keep("a", {{"b", "1"}}, 2);
  CHECK(d.decide("a").verdict == Verdict::kReuse);
  CHECK(d.record("a").outcome->seconds == 2);
}

TEST_CASE("an older entry holds when the newer ones do not: going back to a branch") {
  Decided d("a -> b");
  d.know("b").keep("a", {{"b", "1"}}, 1).keep("a", {{"b", "2"}}, 2).keep("a", {{"b", "3"}}, 3);
  check_decision(d.decide("a"), Verdict::kReuse, Decision::Reason::kSame, "");
  CHECK(d.record("a").outcome->seconds == 1);
}

TEST_CASE("the newest entry explains why none holds") {
  Decided d("a -> b c");
  d.know("b", "now").know("c", "now");
  d.keep("a", {{"b", "1"}, {"c", "now"}}).keep("a", {{"b", "now"}, {"c", "2"}});
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kInterfaceChanged, "c");
}

TEST_CASE("as long as an older entry may hold, the component is undecided") {
  Decided d("a -> b c");
  d.know("b").keep("a", {{"c", "1"}}).keep("a", {{"b", "2"}});
  check_decision(d.decide("a"), Verdict::kUndecided, Decision::Reason::kWaiting, "c");
}

TEST_CASE("each module of a used cycle is compared with its own interface") {
  Decided d("a -> b; b -> c; c -> b");
  d.keep("a", {{"b", "1"}, {"c", "1"}});
  const graph::ComponentId cycle = d.component("b");
  d.run()[cycle].interfaces = {graph::sha256("1"), graph::sha256("2")};
  d.run().set(cycle, ComponentState::kReused);
  CHECK(d.decide("a").reason == Decision::Reason::kInterfaceChanged);
}

TEST_CASE("interfaces that agree in the stored mark alone are not the same") {
  Decided d("a -> b");
  d.know("b").keep("a", {{"b", "1"}});
  ManifestEntry entry = d.store.entries(d.record("a").static_key).front();
  entry.used_digest = graph::sha256("of something else");
  d.store.forget(d.record("a").static_key);
  d.keep_raw("a", entry);
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kInterfaceChanged, "b");
}

TEST_CASE("entries that do not fit the component count as absent") {
  Decided d("a -> b");
  d.know("b");
  ManifestEntry entry;
  SUBCASE("another number of modules") {
    entry.used_digest = graph::DigestBuilder().finish();
  }
  SUBCASE("marks of other modules") {
    entry.outcome.modules.resize(1);
    entry.used_marks = {1, 2};
  }
  d.keep_raw("a", entry);
  check_decision(d.decide("a"), Verdict::kCheck, Decision::Reason::kNeverChecked, "");
}

TEST_CASE("an entry without used modules but with their digest does not hold") {
  Decided d("a -> b");
  d.know("b");
  ManifestEntry entry;
  entry.outcome.modules.resize(1);
  entry.used_digest = graph::sha256("anything");
  d.keep_raw("a", entry);
  CHECK(d.decide("a").verdict == Verdict::kCheck);
}

TEST_CASE("an entry that names the component itself as used cannot hold") {
  Decided d("a -> b");
  d.know("b");
  ManifestEntry entry;
  entry.outcome.modules.resize(1);
  entry.outcome.used = {"a"};
  entry.used_marks = {0};
  d.keep_raw("a", entry);
  CHECK(d.decide("a").verdict == Verdict::kCheck);
}

TEST_CASE("names of any length are used") {
  const std::string name(3000, 'n');
  Decided d("a -> " + name);
  d.know(name).keep("a", {{name, "1"}});
  CHECK(d.decide("a").verdict == Verdict::kReuse);
}

TEST_CASE("names and interfaces of used modules cannot be mixed up") {
  Decided d("x -> a b");
  d.keep("x", {{"a", "1"}, {"b", "2"}}).keep("x", {{"a", "2"}, {"b", "1"}}).keep("x", {{"a", "1"}});
  const auto entries = d.store.entries(d.record("x").static_key);
  CHECK(entries[0].used_digest != entries[1].used_digest);
  CHECK(entries[1].used_digest != entries[2].used_digest);
  CHECK(entries[0].used_digest != entries[2].used_digest);
}

// The plan: everything that can be decided before the first check.

TEST_CASE("a plan over an empty store checks everything") {
  IncrementalProject project("a -> b; b -> c");
  CHECK(project.plan() == Plan{"c: never checked", "b: never checked", "a: never checked"});
}

TEST_SUITE_BEGIN("tbb");  // the runs that come before these plans

TEST_CASE("a plan without edits leaves nothing to do") {
  IncrementalProject project("a -> b; b -> a c; c");
  project.run();
  CHECK(project.plan().empty());
}

TEST_CASE("a plan stops at the dependents of an edit and reuses the rest") {
  IncrementalProject project("a -> b; b -> c; c; d -> c; e -> d; x -> y");
  project.run();
  project.edit("c", "edited");
  // e does not look at c, but d's interface is not known before c is checked.
  CHECK(project.plan() ==
        Plan{"c: never checked", "d: waiting c", "b: waiting c", "e: waiting d", "a: waiting b"});
}

TEST_CASE("a dependent that looked at nothing of the edited module is reused in the plan") {
  IncrementalProject project("a -> b; b -> c; c");
  project.uses("b", {}).run();
  project.edit("c", "edited");
  CHECK(project.plan() == Plan{"c: never checked"});
}

TEST_CASE("what cannot be looked up fails in the plan, the rest is planned") {
  IncrementalProject project("a -> b; c");
  project.run();
  project.store.break_entries(project.key_of("b"));
  const support::RunRecord run = project.run();
  CHECK(run.failed == "b");
  CHECK(run.skipped == "a");
  CHECK(run.unchanged == "c");
  CHECK(run.failures == std::vector<std::string>{"b: the store broke while it was read"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace scheduler

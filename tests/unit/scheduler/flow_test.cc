// A run from end to end with a checker that computes: which components an edit makes it check again.
#include "scheduler/flow.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/incremental_project.h"

namespace scheduler {
namespace {

using support::CheckScript;
using support::IncrementalProject;
using support::RunRecord;
using support::ScriptedChecker;
using Step = CheckScript::Step;
using Strings = std::vector<std::string>;

constexpr CheckScript kFailsEarly{Step::kFailInInterface};
constexpr CheckScript kFailsLate{Step::kFailInImplementation};

}  // namespace

TEST_SUITE_BEGIN("tbb");

TEST_CASE("a first run checks everything, dependencies first") {
  IncrementalProject project("a -> b; b -> c; c");
  const RunRecord run = project.run();
  CHECK(run.order == "c b a");
  CHECK(run.checked == "c b a");
  CHECK(run.decided_late == 3);
  CHECK(run.started == 3);
  CHECK(run.finished == 3);
}

TEST_CASE("a second run asks nobody") {
  IncrementalProject project("a -> b; b -> a c; c");
  project.run();
  const RunRecord run = project.run();
  CHECK(run.checked == "");
  CHECK(run.unchanged == "c b");
  CHECK(run.checker_runs == 0);
  CHECK(run.started == 0);
}

TEST_CASE("an empty project asks nobody") {
  IncrementalProject project("");
  CHECK(project.run().checker_runs == 0);
}

TEST_CASE("an edit that leaves the interface alone checks the component alone") {
  IncrementalProject project("a -> b; b -> c; c; d -> c");
  project.run();
  const RunRecord run = project.edit("c", "a new body").run();
  CHECK(run.checked == "c");
  CHECK(run.reused == "d b a");
  CHECK(run.all_read == 1);
  CHECK(run.waits <= 1);  // none, if the interface is there at once
  CHECK(run.waits_came_first);
}

TEST_CASE("as long as anything may still be started not all is read") {
  IncrementalProject project("a -> b; b -> c; c; d");
  project.run();
  SUBCASE("an interface that changed") {
    CHECK(project.edit_interface("c", "f()").run().all_read == 0);
  }
  SUBCASE("two edits") {
    const RunRecord run = project.edit("c", "a body").edit("d", "a body").run();
    CHECK(run.all_read == 0);
    CHECK(run.waits == 0);
  }
  SUBCASE("a failure") {
    CHECK(project.edit("c", "a body").script("c", kFailsEarly).run().all_read == 0);
  }
  SUBCASE("no edit") {
    CHECK(project.run().all_read == 0);
  }
}

TEST_CASE("an edit of the interface checks those who use it, and stops where interfaces stay") {
  IncrementalProject project("a -> b; b -> c; c; d -> c; e");
  project.run();
  const RunRecord run = project.edit_interface("c", "f()").run();
  CHECK(run.checked == "c d b");
  CHECK(run.unchanged == "e");
  CHECK(run.reused == "e a");
}

TEST_CASE("an edit goes on as long as interfaces change") {
  IncrementalProject project("a -> b; b -> c; c");
  project.run();
  // b's interface follows from c's: both change.
  project.edit_interface("c", "f()").edit_interface("b", "g()");
  CHECK(project.run().checked == "c b a");
}

TEST_CASE("a dependent that did not look at the changed interface is not checked") {
  IncrementalProject project("a -> c; b -> c; c");
  project.uses("b", {}).run();
  CHECK(project.edit_interface("c", "f()").run().checked == "c a");
}

TEST_CASE("a component may use a module it imports only through others") {
  IncrementalProject project("a -> b; b -> c; c");
  project.uses("a", {"b", "c"}).run();
  // b's interface stays, but a looked at c through it.
  CHECK(project.edit_interface("c", "f()").run().checked == "c b a");
}

TEST_CASE("a cycle is checked as one component") {
  IncrementalProject project("a -> b; b -> c d; c -> b; d");
  project.run();
  CHECK(project.edit("c", "edited").run().order == "c");
  CHECK(project.edit_interface("d", "f()").run().order == "d c");
}

TEST_CASE("going back to an earlier state checks nothing") {
  IncrementalProject project("a -> b; b");
  const RunRecord first = project.run();
  project.edit_interface("b", "f()").run();
  const RunRecord back = project.edit_interface("b", "").edit("b", "").run();
  CHECK(back.checker_runs == 0);
  CHECK(back.answer == first.answer);
}

TEST_CASE("a new import checks the importer; nobody is confused by what it used before") {
  IncrementalProject project("a -> b; b; c");
  project.run();
  CHECK(project.rewrite("a -> b c; b; c").run().checked == "a");
  CHECK(project.rewrite("a -> c; b; c").run().checked == "a");
  CHECK(project.rewrite("a -> b; b; c").run().checked == "");
}

TEST_CASE("dependents start when the interface is ready, not when the check is done") {
  // b's implementation phase fails, yet a is checked: its interface stood.
  IncrementalProject project("a -> b; b");
  const RunRecord run = project.script("b", kFailsLate).run();
  CHECK(run.failed == "b");
  CHECK(run.checked == "a");
  CHECK(run.skipped == "");
  CHECK(run.failures == Strings{"b: failed in the implementation phase"});
}

TEST_CASE("a failure in the interface phase skips all that reach the component, nothing else") {
  IncrementalProject project("a -> b; b -> c; c; d");
  const RunRecord run = project.script("c", kFailsEarly).run();
  CHECK(run.failed == "c");
  CHECK(run.skipped == "b a");
  CHECK(run.checked == "d");
  CHECK(run.started == 2);
  CHECK(run.finished == 2);
}

TEST_CASE("what failed is stored nowhere and tried again") {
  IncrementalProject project("a -> b; b");
  project.script("b", kFailsLate).run();
  CHECK(project.script("b", {}).run().checked == "b");
}

TEST_CASE("a dependent that could be reused is skipped all the same when its import has no interface") {
  IncrementalProject project("a -> b; b");
  project.run();
  const RunRecord run = project.edit("b", "broken").script("b", kFailsEarly).run();
  CHECK(run.failed == "b");
  CHECK(run.skipped == "a");
}

TEST_CASE("nobody is handed a component before all it reaches is there, used or not") {
  // As with typeshed, whose modules are in nobody's used set: t's outcome is lost, d above it holds.
  IncrementalProject project("x -> d; d -> t; t");
  project.uses("d", {}).uses("x", {"d"}).run();
  project.store.forget(project.key_of("t"));
  project.edit("x", "edited").script("t", {Step::kSucceed, std::chrono::milliseconds(30)});
  const RunRecord run = project.run(2);
  CHECK(run.unchanged == "d");
  CHECK(run.order == "t x");
  CHECK(run.unloadable == Strings{});
}

TEST_CASE("a component is skipped when something below a reused import failed") {
  IncrementalProject project("x -> d; d -> t; t");
  project.uses("d", {}).uses("x", {"d"}).run();
  project.store.forget(project.key_of("t"));
  const RunRecord run = project.edit("x", "edited").script("t", kFailsEarly).run();
  CHECK(run.failed == "t");
  CHECK(run.reused == "d");
  CHECK(run.skipped == "x");
}

TEST_CASE("after a blocking error nothing more is handed out, and the run ends") {
  // One request holds d and b; what d would make ready is not checked any more.
  IncrementalProject project("a -> b; b; c -> d; d; e -> c");
  const RunRecord run = project.script("b", {Step::kBlock}).run();
  CHECK(run.order == "d b");
  CHECK(run.checked == "d");
  CHECK(run.failures.front() == "b: a syntax error");
  CHECK(run.started == run.finished);
}

TEST_CASE("a store that throws while it is read fails the component by name, and the run ends") {
  IncrementalProject project("a -> b; b -> c; c; d");
  // The plan still gets an answer.
  project.store.break_entries(project.key_of("b"), 1);
  const RunRecord run = project.run(2);
  CHECK(run.failed == "b");
  CHECK(run.skipped == "a");
  CHECK(run.checked == "d c");
  CHECK(run.failures == Strings{"b: the store broke while it was read"});
}

TEST_CASE("a store that throws while it is written fails the component by name, and the run ends") {
  IncrementalProject project("a -> b; b; c");
  project.store.break_keep(project.key_of("b"));
  const RunRecord run = project.run(2);
  CHECK(run.failed == "b");
  CHECK(run.checked == "c a");
  CHECK(run.failures == Strings{"b: the store broke while it was written"});
}

TEST_CASE("a checker that throws fails what it left, and the run ends") {
  IncrementalProject project("a -> b; b -> c; c; d -> c");
  project.script("c", {}).prepare(
      [](ScriptedChecker& checker) { checker.give_up_after(2, "no more memory"); });
  const RunRecord run = project.run();
  CHECK(run.checked == "c");
  CHECK(run.failed == "d b");
  CHECK(run.skipped == "a");
  CHECK(run.failures == Strings{"d: no more memory", "b: no more memory"});
}

TEST_CASE("a checker that returns too early fails what it left, and the run ends") {
  IncrementalProject project("a -> b; b; c; d");
  project.prepare([](ScriptedChecker& checker) { checker.give_up_after(1); });
  const RunRecord run = project.run(2);
  CHECK(run.checked == "");
  CHECK(run.failed == "d c b");
  CHECK(run.skipped == "a");
  CHECK(run.failures.front() == "d: the checker stopped before the end of the run");
  CHECK(run.started == run.finished);
}

namespace {

std::string random_graph(std::mt19937& random, int modules) {
  std::string text;
  for (int i = 0; i < modules; ++i) {
    text += "m" + std::to_string(i) + " ->";
    for (unsigned k = random() % 4; k > 0 && i > 0; --k) {
      text += " m" + std::to_string(static_cast<int>(random() % static_cast<unsigned>(i)));
    }
    // Now and then a small cycle.
    if (i > 0 && random() % 20 == 0) text += "; m" + std::to_string(i - 1) + " -> m" + std::to_string(i);
    text += ";";
  }
  return text;
}

std::string module(std::mt19937& random, unsigned modules) {
  return "m" + std::to_string(random() % modules);
}

void check_equal(const RunRecord& run, const RunRecord& expected) {
  CHECK(run.checked == expected.checked);
  CHECK(run.reused == expected.reused);
  CHECK(run.failed == expected.failed);
  CHECK(run.skipped == expected.skipped);
  CHECK(run.answer == expected.answer);
  CHECK(run.unloadable == Strings{});
}

}  // namespace

TEST_CASE("5,000 random components end in the same states for any number of workers") {
  constexpr unsigned kModules = 5000;
  std::vector<RunRecord> cold, warm;
  for (const std::size_t workers : {1u, 2u, 8u}) {
    std::mt19937 random(4711);
    IncrementalProject project(random_graph(random, kModules));
    for (int i = 0; i < 5; ++i) project.script(module(random, kModules), kFailsEarly);
    for (int i = 0; i < 5; ++i) project.script(module(random, kModules), kFailsLate);
    cold.push_back(project.run(workers));
    for (int i = 0; i < 20; ++i) project.edit(module(random, kModules), "edited");
    for (int i = 0; i < 10; ++i) project.edit_interface(module(random, kModules), "edited");
    warm.push_back(project.run(workers));
  }
  CHECK(cold[0].checked.size() > 10000);
  CHECK(cold[0].skipped.size() > 10);
  CHECK(warm[0].checked.size() < cold[0].checked.size());
  for (std::size_t i = 1; i < cold.size(); ++i) {
    check_equal(cold[i], cold[0]);
    check_equal(warm[i], warm[0]);
  }
}

TEST_CASE("the answer is that of a run over an empty store, whatever edits and losses came before") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    constexpr unsigned kModules = 60;
    std::mt19937 random(seed);
    IncrementalProject project(random_graph(random, kModules));
    for (int round = 0; round < 6; ++round) {
      for (unsigned edits = random() % 4; edits > 0; --edits) {
        const std::string name = module(random, kModules);
        if (random() % 2 == 0) {
          project.edit(name, "text " + std::to_string(random() % 3));
        } else {
          project.edit_interface(name, "interface " + std::to_string(random() % 3));
        }
      }
      if (random() % 3 == 0) project.rewrite(random_graph(random, kModules));
      if (random() % 2 == 0) project.store.forget(project.key_of(module(random, kModules)));
      const RunRecord warm = project.run(1 + random() % 3);
      CHECK(warm.answer == project.cold_run().answer);
      CHECK(warm.failed == "");
      CHECK(warm.unloadable == Strings{});
    }
  }
}

TEST_SUITE_END();

}  // namespace scheduler

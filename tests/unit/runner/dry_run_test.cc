// What a dry run says: the components that would be checked, wave by wave, with the reasons.
#include "runner/dry_run.h"

#include <doctest/doctest.h>

#include "tests/support/planned_project.h"

namespace runner {
namespace {

using support::PlannedProject;

std::string planned(PlannedProject& project, const RunHistory* history = nullptr) {
  return describe_plan(Explainer(project.plan(), history, project.store));
}

TEST_CASE("nothing is stored: everything would be checked, dependencies first") {
  PlannedProject project("a -> b; b -> c d; c -> b; d; e");
  CHECK(planned(project) ==
        "wave 0\n"
        "  e: no result for these inputs\n"
        "  d: no result for these inputs\n"
        "wave 1\n"
        "  c and 1 more in its cycle: no result for these inputs\n"
        "wave 2\n"
        "  a: no result for these inputs\n"
        "4 of 4 components would be checked\n");
}

TEST_CASE("everything is stored: nothing would be checked") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  CHECK(planned(project) == "0 of 2 components would be checked\n");
}

TEST_CASE("an edit: its module, and what waits for its interface") {
  PlannedProject project("a -> b; b -> c; c; d");
  project.keep("d").keep("c").keep("b").keep("a").edit("c", "edited");
  CHECK(planned(project) ==
        "wave 0\n"
        "  c: no result for these inputs\n"
        "wave 1\n"
        "  b: unless the interface of c stays what it was, imported in b.py:1\n"
        "wave 2\n"
        "  a: unless the interface of b stays what it was, imported in a.py:1\n"
        "3 of 4 components would be checked\n");
}

TEST_CASE("an interface that is another one in the store already") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a").edit("b", "edited").keep("b", {}, "changed");
  CHECK(planned(project) ==
        "wave 1\n"
        "  a: the interface of b changed, imported in a.py:1\n"
        "1 of 2 components would be checked\n");
}

TEST_CASE("an edit since the last run that is remembered: what changed, and where a doubt begins") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory last = project.history_after(nothing, 0);
  const std::string before = graph::sha256("source of b").hex().substr(0, 16);
  const std::string now = graph::sha256("edited").hex().substr(0, 16);
  project.edit("b", "edited");
  const std::string change = "its source changed: " + before + " -> " + now + "\n";
  CHECK(planned(project, &last) ==
        "wave 0\n  b: " + change +
            "wave 1\n"
            "  a: unless the interface of b stays what it was, imported in a.py:1; in b, " +
            change + "2 of 2 components would be checked\n");
}

TEST_CASE("an empty project") {
  PlannedProject empty("");
  CHECK(planned(empty) == "0 of 0 components would be checked\n");
}

}  // namespace
}  // namespace runner

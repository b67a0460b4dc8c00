// What a dry run says: the components that would be checked, wave by wave, with the reasons.
#include "runner/dry_run.h"

#include <doctest/doctest.h>

#include "tests/support/planned_project.h"

namespace runner {
namespace {

using support::PlannedProject;

TEST_CASE("nothing is stored: everything would be checked, dependencies first") {
  PlannedProject project("a -> b; b -> c d; c -> b; d; e");
  CHECK(describe_plan(project.plan()) ==
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
  CHECK(describe_plan(project.plan()) == "0 of 2 components would be checked\n");
}

TEST_CASE("an edit: its module, and what waits for its interface") {
  PlannedProject project("a -> b; b -> c; c; d");
  project.keep("d").keep("c").keep("b").keep("a").edit("c", "edited");
  CHECK(describe_plan(project.plan()) ==
        "wave 0\n"
        "  c: no result for these inputs\n"
        "wave 1\n"
        "  b: unless the interface of c stays what it was\n"
        "wave 2\n"
        "  a: unless the interface of b stays what it was\n"
        "3 of 4 components would be checked\n");
}

TEST_CASE("an interface that is another one in the store already") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a").edit("b", "edited").keep("b", {}, "changed");
  CHECK(describe_plan(project.plan()) ==
        "wave 1\n"
        "  a: the interface of b changed\n"
        "1 of 2 components would be checked\n");
}

TEST_CASE("an empty project") {
  CHECK(describe_plan(PlannedProject("").plan()) == "0 of 0 components would be checked\n");
}

}  // namespace
}  // namespace runner

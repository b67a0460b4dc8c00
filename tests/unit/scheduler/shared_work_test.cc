// Runs beside other processes that share the store: what these are checking is awaited, not checked again.
#include "scheduler/shared_work.h"

#include <doctest/doctest.h>

#include "tests/support/incremental_project.h"

namespace scheduler {
namespace {

using support::IncrementalProject;
using support::RunRecord;
using Elsewhere = support::MemoryOutcomes::Elsewhere;

}  // namespace

TEST_SUITE_BEGIN("tbb");

TEST_CASE("what another process is checking is taken from it, and what hangs on it waits") {
  for (const std::size_t workers : {1U, 3U}) {
    IncrementalProject project("a -> b; b -> c; c; d");
    const RunRecord cold = project.run();
    for (const char* module : {"a", "d"}) project.store.forget(project.key_of(module));
    for (const char* module : {"b", "c"}) {
      project.store.check_elsewhere(project.key_of(module), 2, Elsewhere::kKeeps);
    }
    const RunRecord run = project.run(workers);
    CHECK(run.answer == cold.answer);
    CHECK(run.checked == "d a");
    CHECK(run.reused == "c b");
    CHECK(run.failures.empty());
    CHECK(run.started == run.finished);
  }
}

TEST_CASE("what another process did not bring to an end is checked") {
  IncrementalProject project("a -> b; b");
  const RunRecord cold = project.run();
  project.store.forget(project.key_of("a"));
  project.store.check_elsewhere(project.key_of("b"), 2, Elsewhere::kEnds);
  const RunRecord run = project.run();
  CHECK(run.answer == cold.answer);
  CHECK(run.checked == "b a");
}

TEST_CASE("what another process finished before it was claimed here is not checked") {
  IncrementalProject project("a -> b; b");
  const RunRecord cold = project.run();
  project.store.forget(project.key_of("a"));
  project.store.check_elsewhere(project.key_of("b"), 0, Elsewhere::kKeeps);
  const RunRecord run = project.run();
  CHECK(run.answer == cold.answer);
  CHECK(run.checked == "a");
  CHECK(project.store.released(project.key_of("b")) == 1);
}

TEST_CASE("a component that fails is free for others") {
  IncrementalProject project("a");
  project.script("a", {support::CheckScript::Step::kFailInInterface});
  CHECK(project.run().failed == "a");
  CHECK(project.store.released(project.key_of("a")) == 1);
}

TEST_SUITE_END();

}  // namespace scheduler

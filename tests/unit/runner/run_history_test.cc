// What is remembered of runs: across runs, and when it is damaged.
#include "runner/run_history.h"

#include <doctest/doctest.h>

#include "runner/explanation.h"
#include "runner/history_file.h"
#include "tests/support/planned_project.h"

namespace runner {
namespace {

using support::PlannedProject;

// The history after a run that reuses everything.
RunHistory reused(PlannedProject& project, const RunHistory& last) {
  return next_history(last, project.plan(), 7);
}

TEST_CASE("a history is read back as it was written") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  project.setup.mypy_arguments = {"--strict", "src"};
  const RunHistory nothing;
  const std::string bytes = reused(project, nothing).encode();
  const auto read = RunHistory::decode(bytes);
  REQUIRE(read);
  CHECK(read->encode() == bytes);
  CHECK(read->run == 1);
  CHECK(read->moment == 7);
  CHECK(read->arguments == std::vector<std::string>{"--strict", "src"});
  REQUIRE(read->find("a") != nullptr);
  CHECK(read->find("a")->checks == 0);
  CHECK(read->find("nothing") == nullptr);
}

TEST_CASE("a damaged history is none") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const std::string bytes = reused(project, nothing).encode();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(RunHistory::decode(bytes.substr(0, size)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    CHECK_FALSE(RunHistory::decode(damaged));
    // With the checksum put right, whatever it says can be used.
    damaged.resize(bytes.size() - sizeof(graph::Digest::bytes));
    damaged += graph::sha256(damaged).view();
    const auto read = RunHistory::decode(damaged);
    if (!read) continue;
    PlannedProject again("a -> b; b");
    const Explainer explainer(again.plan(), &*read, again.store);
    explainer.explain(*again.setup.graph.find("a"));
    next_history(*read, again.plan(), 8).encode();
  }
}

TEST_CASE("a key that changed keeps its inputs of before; one that did not keeps what it had") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory first = reused(project, nothing);
  project.edit("b", "edited").keep("b").keep("a");
  const RunHistory second = reused(project, first);
  const RunHistory third = reused(project, second);
  for (const RunHistory* history : {&second, &third}) {
    const ComponentPast* past = history->find("b");
    REQUIRE(past != nullptr);
    CHECK(past->keyed_in == 2);
    CHECK(compare_inputs(history->inputs(past->before), history->inputs(past->inputs)).size() == 1);
    CHECK(history->find("a")->keyed_in == 1);
  }
}

TEST_CASE("modules that came and went") {
  PlannedProject before("a -> b; b"), after("a -> c; c");
  before.keep("b").keep("a");
  after.keep("c").keep("a");
  const RunHistory nothing;
  const RunHistory first = reused(before, nothing);
  const RunHistory second = reused(after, first);
  CHECK(second.modules.appeared == std::vector<std::string>{"c"});
  CHECK(second.modules.vanished == std::vector<std::string>{"b"});
  CHECK(second.modules.run == 2);
  CHECK(second.find("b") == nullptr);
}

TEST_CASE("why a module would be checked: the change, and the imports between") {
  PlannedProject project("a -> b; b -> c; c");
  project.keep("c").keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory last = reused(project, nothing);
  project.edit("c", "edited");
  const PlannedRun& run = project.plan();
  const Explainer explainer(run, &last, project.store);
  const graph::ModuleId a = *project.setup.graph.find("a");
  const Explanation explanation = explainer.explain(a);
  CHECK(explanation.verdict == scheduler::Verdict::kUndecided);
  CHECK(explanation.now.changes.empty());
  CHECK(explanation.now.detail == "b");
  CHECK(explanation.now.origin == "c");
  REQUIRE(explanation.now.origin_changes.size() == 1);
  CHECK(explanation.now.origin_changes[0].name == "source");
  REQUIRE(explanation.now.imports.size() == 2);
  CHECK(explanation.now.imports[0].importer == a);
  CHECK(project.setup.graph[explanation.now.imports[1].imported].name == "c");
}

}  // namespace
}  // namespace runner

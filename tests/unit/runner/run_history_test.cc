// What is remembered of runs: across runs, and when it is damaged.
#include "runner/run_history.h"

#include <doctest/doctest.h>

#include "runner/explanation.h"
#include "runner/history_draft.h"
#include "runner/seal.h"
#include "tests/support/planned_project.h"

namespace runner {
namespace {

using support::PlannedProject;

TEST_CASE("a history is read back as it was written") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  project.setup.mypy_arguments = {"--strict", "src"};
  const RunHistory nothing;
  const std::string bytes = project.history_bytes(nothing);
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
  const std::string bytes = project.history_bytes(nothing);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(RunHistory::decode(bytes.substr(0, size)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    CHECK_FALSE(RunHistory::decode(damaged));
    // With the checksum put right, whatever it says can be used.
    damaged.resize(bytes.size() - sizeof(graph::Digest::bytes));
    seal(damaged);
    const auto read = RunHistory::decode(damaged);
    if (!read) continue;
    PlannedProject again("a -> b; b");
    const Explainer explainer(again.plan(), &*read, again.store);
    explainer.explain(*again.setup.graph.find("a"));
    again.history_bytes(*read, 8);
  }
}

TEST_CASE("a key that changed keeps its inputs of before; one that did not keeps what it had") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory first = project.history_after(nothing);
  project.edit("b", "edited").keep("b").keep("a");
  const RunHistory second = project.history_after(first);
  const RunHistory third = project.history_after(second);
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
  const RunHistory first = before.history_after(nothing);
  const RunHistory second = after.history_after(first);
  CHECK(second.modules.appeared == std::vector<std::string>{"c"});
  CHECK(second.modules.vanished == std::vector<std::string>{"b"});
  CHECK(second.modules.run == 2);
  CHECK(second.find("b") == nullptr);
}

TEST_CASE("why a module would be checked: the change, and the imports between") {
  PlannedProject project("a -> b; b -> c; c");
  project.keep("c").keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory last = project.history_after(nothing);
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

TEST_CASE("what is decided after the draft was made is written down at the end") {
  using enum scheduler::ComponentState;
  PlannedProject project("a -> b; b -> c; c");
  project.keep("c").keep("b").keep("a");
  const RunHistory nothing;
  const auto first = std::make_shared<const RunHistory>(project.history_after(nothing));
  project.edit("b", "edited");
  PlannedRun& run = project.plan();
  const auto of = [&](const char* name) {
    return project.setup.components->of(*project.setup.graph.find(name));
  };
  REQUIRE(run.state().state(of("c")) == kReused);
  REQUIRE(run.state().state(of("a")) == kUndecided);
  HistoryDraft draft(first, run);
  CHECK_FALSE(draft.has_same_keys());
  for (const char* name : {"b", "a"}) run.state()[of(name)].interfaces = {graph::sha256(name)};
  for (const auto next : {kReady, kInterfaceReady, kChecked}) {
    if (run.state().state(of("b")) != next) run.state().set(of("b"), next);
  }
  run.state().set(of("a"), kReused);
  const RunHistory second = RunHistory::decode(std::move(draft).finish(9)).value();
  CHECK(second.moment == 9);
  REQUIRE(second.components.size() == 3);
  for (const char* name : {"a", "b", "c"}) {
    CAPTURE(name);
    const ComponentPast* past = second.find(name);
    REQUIRE(past != nullptr);
    CHECK(past->seen_in == 2);
    const bool checked = std::string_view(name) == "b";
    CHECK(past->checked_in == (checked ? 2 : 0));
    CHECK(past->checked_at == (checked ? 9 : 0));
    CHECK(past->keyed_in == (checked ? 2 : 1));
  }
}

}  // namespace
}  // namespace runner

// What is remembered of an edit in place of the whole history says the same.
#include "runner/recent_runs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "runner/history_draft.h"
#include "runner/seal.h"
#include "tests/support/planned_project.h"

namespace runner {
namespace {

using enum scheduler::ComponentState;
using support::PlannedProject;

std::shared_ptr<const RunHistory> unowned(const RunHistory& history) {
  return {std::shared_ptr<void>(), &history};
}

RunHistory decoded(const std::string& bytes) {
  return RunHistory::decode(bytes).value();
}

// Plans, and gives what is undecided its final state.
PlannedRun& run_after(PlannedProject& project, const std::vector<std::string>& checked) {
  PlannedRun& run = project.plan();
  scheduler::RunState& state = run.state();
  for (std::uint32_t id = 0; id < state.size(); ++id) {
    if (state.state({id}) != kUndecided) continue;
    const std::string& name = run.setup().graph[(*run.setup().components)[{id}].modules.front()].name;
    state[{id}].interfaces = {graph::sha256(name)};
    if (std::find(checked.begin(), checked.end(), name) == checked.end()) {
      state.set({id}, kReused);
      continue;
    }
    state[{id}].outcome.emplace().seconds = 0.25;
    state[{id}].decision.reason = scheduler::Decision::Reason::kInterfaceChanged;
    state[{id}].decision.detail = "of " + name;
    state[{id}].decision.from_mark = 7;
    for (const auto next : {kReady, kInterfaceReady, kChecked}) state.set({id}, next);
  }
  return run;
}

void check_same(const RunHistory& found, const RunHistory& expected) {
  CHECK(found.run == expected.run);
  CHECK(found.moment == expected.moment);
  CHECK(found.keys == expected.keys);
  REQUIRE(found.components.size() == expected.components.size());
  for (std::size_t i = 0; i < found.components.size(); ++i) {
    const ComponentPast& one = found.components[i];
    const ComponentPast& other = expected.components[i];
    CAPTURE(i);
    CHECK(found.name(one.names.front()) == expected.name(other.names.front()));
    CHECK(one.key_mark == other.key_mark);
    CHECK(one.keyed_in == other.keyed_in);
    CHECK(one.seen_in == other.seen_in);
    CHECK(one.checked_in == other.checked_in);
    CHECK(one.checks == other.checks);
    CHECK(one.checked_at == other.checked_at);
    CHECK(one.seconds == other.seconds);
    CHECK(one.reason == other.reason);
    CHECK(found.name(one.detail) == expected.name(other.detail));
    CHECK(one.from_mark == other.from_mark);
    CHECK(found.inputs(one.inputs) == expected.inputs(other.inputs));
    CHECK(found.inputs(one.before) == expected.inputs(other.before));
  }
}

RecentRuns written_and_read(const RecentRuns& recent) {
  return RecentRuns::decode(recent.encode()).value();
}

// Of a run that leaves nothing undecided.
RecentRuns begin(PlannedProject& project, const RunHistory& history) {
  return RecentRuns::begin(history.seal, project.plan()).value();
}

TEST_CASE("edits remembered one by one give the history that each would have written") {
  PlannedProject project("a -> b; b -> c; c; d");
  project.keep("c").keep("b").keep("a").keep("d");
  const RunHistory nothing;
  const std::string first = project.history_bytes(nothing);
  RecentRuns recent = begin(project, decoded(first));
  std::string whole = first;
  std::int64_t now = 100;
  const auto next = [&](const std::vector<std::string>& checked) {
    PlannedRun& run = run_after(project, checked);
    REQUIRE(recent.fits(run));
    if (now % 2 == 0) recent.describe_keys(run);  // may be done ahead
    const RunHistory last = decoded(whole);
    whole = HistoryDraft(unowned(last), run).finish(++now);
    REQUIRE(recent.add(run, now));
    recent = written_and_read(recent);
    RunHistory found = decoded(first);
    REQUIRE(recent.bring_up_to_date(found));
    check_same(found, decoded(whole));
  };
  project.edit("b", "edited");
  next({"b"});
  project.edit("d", "edited");
  next({"b", "d"});
  project.edit("b", "edited again").keep("b");
  next({"a", "d"});
  // Who writes the whole history next starts from there.
  RunHistory found = decoded(first);
  REQUIRE(recent.bring_up_to_date(found));
  const RunHistory last = decoded(whole);
  project.edit("c", "edited");
  PlannedRun& run = run_after(project, {"c"});
  check_same(decoded(HistoryDraft(unowned(found), run).finish(200)),
             decoded(HistoryDraft(unowned(last), run).finish(200)));
}

TEST_CASE("what does not belong there is refused, and changes nothing") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const RunHistory history = project.history_after(nothing);
  RecentRuns recent = begin(project, history);
  const std::string before = recent.encode();
  CHECK(recent.has_same_keys(project.plan()));

  SUBCASE("other modules") {
    PlannedProject other("a -> c; c");
    CHECK_FALSE(recent.fits(other.plan()));
    PlannedProject more("a -> b; b; c");
    CHECK_FALSE(recent.fits(more.plan()));
  }
  SUBCASE("other inputs of the whole run") {
    project.setup.probe.build.python_minor += 1;
    CHECK_FALSE(recent.fits(project.plan()));
  }
  SUBCASE("components without an outcome") {
    project.edit("b", "edited");
    PlannedRun& run = project.plan();
    CHECK(recent.fits(run));
    CHECK_FALSE(recent.has_same_keys(run));
    CHECK_FALSE(recent.add(run, 8));
    CHECK_FALSE(RecentRuns::begin(history.seal, run));
  }
  SUBCASE("components that are left out") {
    project.edit("b", "edited");
    PlannedRun& run = project.plan();
    run.state().set({0}, kLeftOut);
    CHECK_FALSE(recent.fits(run));
  }
  SUBCASE("another history") {
    project.edit("b", "edited").keep("b").keep("a");
    RunHistory other = project.history_after(history);
    const std::string bytes = other.encode();
    CHECK_FALSE(recent.bring_up_to_date(other));
    CHECK(other.encode() == bytes);
  }
  CHECK(recent.encode() == before);
}

TEST_CASE("names may be long") {
  const std::string name(1000, 'n');
  PlannedProject project("a -> " + name + "; " + name);
  project.keep(name).keep("a");
  const RunHistory nothing;
  RecentRuns recent = begin(project, project.history_after(nothing));
  project.edit(name, "edited");
  PlannedRun& run = run_after(project, {name});
  CHECK(recent.fits(run));
  CHECK(recent.add(run, 8));
}

TEST_CASE("there is an end to it") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  RecentRuns recent = begin(project, project.history_after(nothing));
  int runs = 0;
  for (; runs < 1000; ++runs) {
    project.edit("b", "edited " + std::to_string(runs));
    PlannedRun& run = run_after(project, {"b", "a"});
    if (!recent.fits(run) || !recent.add(run, runs)) break;
  }
  CHECK(runs > 10);
  CHECK(runs < 1000);
  CHECK(recent.encode().size() < 100'000);
}

TEST_CASE("damaged ones are none") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const RunHistory nothing;
  const std::string first = project.history_bytes(nothing);
  RecentRuns recent = begin(project, decoded(first));
  project.edit("b", "edited");
  REQUIRE(recent.add(run_after(project, {"b"}), 9));
  const std::string bytes = recent.encode();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CHECK_FALSE(RecentRuns::decode(bytes.substr(0, at)));
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    CHECK_FALSE(RecentRuns::decode(damaged));
    // With the checksum put right, whatever they say can be used.
    damaged.resize(bytes.size() - sizeof(graph::Digest::bytes));
    seal(damaged);
    const auto read = RecentRuns::decode(damaged);
    if (!read) continue;
    RunHistory history = decoded(first);
    if (read->bring_up_to_date(history)) CHECK(RunHistory::decode(history.encode()));
  }
}

}  // namespace
}  // namespace runner

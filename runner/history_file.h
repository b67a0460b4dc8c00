// Where run histories lie: one file for each set of mypy's arguments, in the state directory of a checkout.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/history_draft.h"
#include "runner/planned_run.h"
#include "runner/recent_runs.h"
#include "runner/run_history.h"
#include "runner/state_directory.h"

namespace runner {

// The history of runs with these arguments of mypy.
std::optional<RunHistory> read_history(const StateDirectory& state,
                                       const std::vector<std::string>& arguments);
// That of the last run with whatever arguments.
std::optional<RunHistory> read_newest_history(const StateDirectory& state);

// Remembers that a run was answered as a whole: of components there is nothing new to say.
void note_repeated_run(const StateDirectory& state, const std::vector<std::string>& arguments);

// What can be prepared of a run's history while it checks: one of these.
struct PreparedHistory {
  std::optional<RecentRuns> recent;  // the run will be one of them
  std::optional<HistoryDraft> draft;
};
PreparedHistory prepare_history(const StateDirectory& state, const PlannedRun& run);

// Remembers a run whose components are all in their final state. Does nothing when no key changed and nothing
// was checked. Losing it costs explanations only, so trouble with the disk is not reported.
void remember_run(const StateDirectory& state, const PlannedRun& run, PreparedHistory prepared);

}  // namespace runner

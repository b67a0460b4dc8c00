// A run about a change: what it has to check, and which part of the whole answer it reports.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runner/answer.h"
#include "runner/change_options.h"
#include "runner/change_set.h"
#include "runner/earlier_answer.h"
#include "runner/earlier_run.h"
#include "runner/run_report.h"
#include "runner/state_directory.h"
#include "scheduler/affected.h"

namespace runner {

class ChangedRun {
 public:
  ChangedRun(const ChangeOptions& options, std::string cwd) : options_(options), cwd_(std::move(cwd)) {}

  // Asks git or reads the list. An error ends the run, unless everything is to be checked then.
  std::optional<graph::Error> find_changes();
  // Whether the run is about a change at all.
  bool wanted() const { return changes_.has_value(); }
  // Changed, added and vanished files, absolute.
  std::set<std::string> changed_files() const { return changes_ ? changes_->paths : std::set<std::string>(); }

  // Before anything is checked: leaves out of the run what the change cannot reach and what is not needed to
  // check what it can reach. May be called again, for another attempt.
  void narrow(RunSetup& setup, PlannedRun& run, PackStore& store, const StateDirectory& state,
              unsigned threads);
  // Once every component has its final state: what the change did reach.
  void settle(const PlannedRun& run);
  // Takes everything else out of an answer.
  void cut(const PlannedRun& run, AnswerParts& parts) const;
  // With --new-errors-since, takes out what was found at that commit already; `child` says how to check it if
  // the store does not know.
  void keep_new(const PlannedRun& run, const ChildOptions& child, AnswerParts& parts);

  // For --summary-json and the last line.
  ChangeReport report(const PlannedRun& run, const AnswerParts& parts) const;

 private:
  bool is_changed(const graph::Module& module) const;
  void widen(const std::string& reason);
  scheduler::ComponentSet reaching(const PlannedRun& run, scheduler::ComponentSet possible);
  void add_moved_reports(const PlannedRun& run);
  std::vector<std::string> files_then(const ChangeSet& reference,
                                      const std::vector<std::string>& files) const;

  const ChangeOptions& options_;
  const std::string cwd_;
  std::optional<ChangeSet> changes_;
  std::optional<ChangeSet> reference_;  // of --new-errors-since, where that is another one
  RunSetup* setup_ = nullptr;           // of the current attempt
  PackStore* store_ = nullptr;
  unsigned threads_ = 1;
  std::string everything_;  // why everything is reported; empty otherwise
  bool said_why_ = false;
  std::unique_ptr<EarlierRun> earlier_;
  std::optional<scheduler::Affected> affected_;
  std::vector<std::string> moving_;  // kinds of reports that may be at another module than before
  scheduler::ComponentSet reported_;
};

}  // namespace runner

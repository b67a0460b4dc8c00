// The run that this one is compared with: the same arguments on the tree as it was, decided from the store
// alone.
#pragma once

#include <memory>

#include "graph/result.h"
#include "runner/change_set.h"
#include "runner/planned_run.h"

namespace runner {

class EarlierRun {
 public:
  // Both `now` and `earlier` must outlive it. An error says why that tree cannot be looked at: mypy would
  // stop with an error there.
  static graph::Result<std::unique_ptr<EarlierRun>> load(RunSetup& now, const graph::EarlierFiles& earlier,
                                                         PackStore& store, unsigned threads);

  // Decides what can be decided with what the store holds by now.
  void plan() { scheduler::plan(run_->decisions(), run_->state()); }

  const RunSetup& setup() const { return setup_; }
  const PlannedRun& run() const { return *run_; }

 private:
  EarlierRun() = default;
  RunSetup setup_;
  std::unique_ptr<PlannedRun> run_;
};

}  // namespace runner

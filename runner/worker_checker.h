// Checks components on persistent mypy workers, one thread a worker.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

#include "runner/worker_session.h"
#include "scheduler/checker.h"
#include "scheduler/run_state.h"

namespace runner {

// No more workers than a planned run has use for; at the beginning none that may turn out to have nothing to
// do.
void fit_workers(WorkerSetup& setup, const scheduler::RunState& planned);

class WorkerChecker final : public scheduler::Checker {
 public:
  // The references must outlive the checker. `constant`: modules whose interface depends on nothing but the
  // run's global inputs, by ModuleId.
  WorkerChecker(WorkerSetup setup, const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                const scheduler::ComponentClosure& closure, const scheduler::StaticKeys& keys,
                const std::vector<bool>& constant, PackStore& store);

  // When no worker can be started, what is left fails.
  void run(scheduler::WorkSource& source, scheduler::CheckEvents& events) override;
  std::size_t workers() const override { return setup_.workers; }
  // Workers that died or had to be replaced.
  std::size_t replaced() const { return replaced_; }

 private:
  WorkerSetup setup_;
  WorkerMemory memory_;
  std::atomic<std::size_t> replaced_{0};
  SharedRun shared_;
};

}  // namespace runner

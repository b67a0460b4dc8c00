// Checks components on persistent mypy workers, one thread a worker.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "graph/source_discovery.h"
#include "runner/pack_store.h"
#include "runner/trace_log.h"
#include "runner/worker_process.h"
#include "scheduler/checker.h"
#include "scheduler/static_key.h"

namespace runner {

// What a worker has to know of a run before its first check.
struct WorkerSetup {
  std::string python;
  std::vector<std::string> mypy_arguments;
  std::vector<graph::Source> sources;
  graph::SearchPaths search_paths;
  std::size_t workers = 1;
  // For the first worker, started ahead and sent its start_request(); may be null.
  std::unique_ptr<WorkerProcess> spare;
  // Look at every loaded symbol after a check instead of those in reach: plugins look up anything.
  bool track_everything = false;
  TraceLog* trace = nullptr;  // records spans of every check when given
};

class WorkerChecker final : public scheduler::Checker {
 public:
  // The references must outlive the checker. `constant`: modules whose interface depends on nothing but the
  // run's global inputs, by ModuleId.
  WorkerChecker(WorkerSetup setup, const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                const scheduler::ComponentClosure& closure, const scheduler::StaticKeys& keys,
                const std::vector<bool>& constant, PackStore& store);

  void run(scheduler::WorkSource& source, scheduler::CheckEvents& events) override;
  std::size_t workers() const override { return setup_.workers; }
  // Workers that died or had to be replaced.
  std::size_t replaced() const { return replaced_; }

 private:
  friend class WorkerSession;

  WorkerSetup setup_;
  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const scheduler::ComponentClosure& closure_;
  const scheduler::StaticKeys& keys_;
  const std::vector<bool>& constant_;
  PackStore& store_;
  std::atomic<std::size_t> replaced_{0};
};

}  // namespace runner

// The components that can be checked now, handed out longest remaining path first, small ones in batches.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <set>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/checker.h"
#include "scheduler/component_closure.h"

namespace scheduler {

// What a check of each component is expected to cost, and the longest chain of costs that hangs on it. Costs
// are bytes of source, with a fixed part for each module.
class CostModel {
 public:
  CostModel(const graph::ModuleGraph& graph, const graph::Condensation& condensation);

  double cost(graph::ComponentId id) const { return costs_[id.value]; }
  // Cost of the component and of the most expensive chain of dependents above it.
  double remaining_path(graph::ComponentId id) const { return remaining_[id.value]; }
  double total() const { return total_; }
  double critical_path() const { return critical_path_; }

 private:
  std::vector<double> costs_;
  std::vector<double> remaining_;
  double total_ = 0;
  double critical_path_ = 0;
};

// Thread-safe.
class ReadyQueue {
 public:
  ReadyQueue(const CostModel& costs, const ComponentClosure& closure, std::size_t workers);

  void push(graph::ComponentId id);
  // No more components will be pushed: waiting takers get an empty batch once the queue is empty.
  void close();
  // Blocks until something is ready. The first is the one with the longest remaining path; small ones whose
  // closure the worker holds mostly already fill the batch up.
  // A taker that is to start waits until there is more than the idle ones can take.
  std::vector<graph::ComponentId> take(const ComponentSet& loaded, Readiness readiness);
  // Never blocks. Nothing if what the worker is `busy` with takes long, or if there is not plenty for all.
  std::vector<graph::ComponentId> take_ahead(const ComponentSet& loaded,
                                             const std::vector<graph::ComponentId>& busy);
  // How many takers wait that are started.
  std::size_t idle() const;

 private:
  struct Before {
    const CostModel* costs;
    bool operator()(graph::ComponentId a, graph::ComponentId b) const;
  };

  std::vector<graph::ComponentId> take_batch(const ComponentSet& loaded);

  const CostModel& costs_;
  const ComponentClosure& closure_;
  const std::size_t workers_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<graph::ComponentId, Before> ready_;
  double ready_cost_ = 0;
  std::size_t idle_ = 0;  // takers that wait and are started
  bool closed_ = false;
};

}  // namespace scheduler

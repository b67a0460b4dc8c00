// Divides the work with other processes that share the store: what another is checking right now is awaited.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "scheduler/outcome_store.h"
#include "scheduler/run_state.h"

namespace scheduler {

class SharedWork {
 public:
  // `settle` is called from a thread of its own for each component that was put aside, once nobody else is at
  // it: its result may be in the store by then, or it is to be checked after all.
  SharedWork(OutcomeStore& store, const RunState& run, std::function<void(graph::ComponentId)> settle);
  ~SharedWork();

  // Those of a batch that this process is to check; the others are put aside.
  std::vector<graph::ComponentId> claim(const std::vector<graph::ComponentId>& batch);
  void release(graph::ComponentId id) { store_.release(run_[id].static_key); }
  // Nobody waits for others any more: everything put aside is settled at once.
  void give_up_waiting();

 private:
  using Clock = std::chrono::steady_clock;
  struct Awaited {
    graph::ComponentId id;
    Clock::time_point since;
  };

  void keep_looking(const std::stop_token& stop);
  std::vector<graph::ComponentId> take_settled();

  OutcomeStore& store_;
  const RunState& run_;
  const std::function<void(graph::ComponentId)> settle_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Awaited> awaited_;
  bool patient_ = true;
  std::jthread thread_;  // the last: it uses all of the above
};

}  // namespace scheduler

// Workers that have nothing to do any more.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "runner/worker_process.h"

namespace runner {

// They are killed at once, and reaped when there is time: the kernel takes some milliseconds to free what
// each holds. Safe to use from several threads.
class RetiredWorkers {
 public:
  void add(std::unique_ptr<WorkerProcess> worker) {
    worker->kill();
    const std::lock_guard lock(mutex_);
    workers_.push_back(std::move(worker));
  }
  void reap() {
    const std::lock_guard lock(mutex_);
    workers_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<WorkerProcess>> workers_;
};

}  // namespace runner

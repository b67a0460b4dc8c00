// A worker that is started before it is certain that one is needed: it imports mypy while the run is planned.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "graph/digest.h"
#include "runner/worker_process.h"

namespace runner {

struct StartRequest;

// What was seen of the disk may ask for a worker before it is known with which interpreter, or whether the
// run is about that at all. Should it be needed for nothing, it ends with this. Safe to use from several
// threads.
class EarlyWorker {
 public:
  EarlyWorker() = default;
  EarlyWorker(const EarlyWorker&) = delete;
  EarlyWorker& operator=(const EarlyWorker&) = delete;
  ~EarlyWorker();

  // The run of these inputs (LastRun::inputs) has something to check.
  void want(const graph::Digest& inputs);
  // This is the run, and that its interpreter.
  void allow(const graph::Digest& inputs, const std::string& python, Patience patience);

  // Sends its first request, made only if there is a worker, while the caller goes on, if there can be a
  // thread for it. What goes wrong is found out by whoever takes the worker: there is none then.
  [[nodiscard]] std::future<void> tell(std::function<StartRequest()> request);
  // The worker, for the first who asks, once it was told; for all others, and if there is none, null.
  std::unique_ptr<WorkerProcess> take();
  // Ends it, if nobody has it.
  void drop();

 private:
  void start_if_wanted();
  void end();
  void send(const std::function<StartRequest()>& request);

  std::atomic_flag taken_;
  std::mutex mutex_;  // of all below
  std::condition_variable told_changed_;
  bool told_ = false;
  std::optional<graph::Digest> wanted_;
  std::optional<graph::Digest> allowed_;
  std::string python_;
  Patience patience_ = kUsualPatience;
  std::unique_ptr<WorkerProcess> process_;
  std::future<bool> coded_;  // whether it took its code; nobody else touches it before
};

}  // namespace runner

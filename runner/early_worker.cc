#include "runner/early_worker.h"

#include <utility>

#include "runner/machine.h"

namespace runner {

void EarlyWorker::want(const graph::Digest& inputs) {
  const std::lock_guard lock(mutex_);
  wanted_ = inputs;
  start_if_wanted();
}

void EarlyWorker::allow(const graph::Digest& inputs, const std::string& python, Patience patience) {
  const std::lock_guard lock(mutex_);
  allowed_ = inputs;
  python_ = python;
  patience_ = patience;
  start_if_wanted();
}

void EarlyWorker::start_if_wanted() {
  if (taken_.test() || process_ != nullptr || !wanted_ || wanted_ != allowed_ || usable_processors() < 2)
    return;
  if (auto started = WorkerProcess::start(python_, patience_)) process_ = std::move(*started);
}

void EarlyWorker::tell(const std::function<nlohmann::json()>& request) {
  const std::lock_guard lock(mutex_);
  if (process_ == nullptr) return;
  auto done = process_->send(request());
  if (done) done = process_->drain();
  if (!done) process_.reset();
}

std::unique_ptr<WorkerProcess> EarlyWorker::take() {
  if (taken_.test_and_set()) return nullptr;
  const std::lock_guard lock(mutex_);
  wanted_.reset();
  return std::move(process_);
}

}  // namespace runner

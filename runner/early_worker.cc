#include "runner/early_worker.h"

#include <chrono>
#include <utility>

#include "runner/check_request.h"
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
  auto started = WorkerProcess::start(python_, patience_);
  if (!started) return;
  process_ = std::move(*started);
  // It takes its code when Python has started, which is long before it is told anything.
  coded_ = std::async(kAside, [process = process_.get()] { return bool(process->drain()); });
}

std::future<void> EarlyWorker::tell(std::function<StartRequest()> request) {
  auto told = std::async(kAside, [this, request = std::move(request)] { send(request); });
  if (told.wait_for(std::chrono::seconds(0)) == std::future_status::deferred) told.wait();
  return told;
}

void EarlyWorker::send(const std::function<StartRequest()>& request) {
  const std::lock_guard lock(mutex_);
  told_ = true;
  told_changed_.notify_all();
  if (process_ == nullptr) return;
  const StartRequest first = request();
  // What it does not take at once, whoever takes the worker sends on, beside what else it has to be sent.
  if (!coded_.get() || !process_->send(first.header, first.blobs())) process_.reset();
}

std::unique_ptr<WorkerProcess> EarlyWorker::take() {
  if (taken_.test_and_set()) return nullptr;
  std::unique_lock lock(mutex_);
  told_changed_.wait(lock, [this] { return told_ || process_ == nullptr; });
  return std::move(process_);
}

void EarlyWorker::drop() {
  taken_.test_and_set();
  const std::lock_guard lock(mutex_);
  end();
}

EarlyWorker::~EarlyWorker() {
  end();
}

void EarlyWorker::end() {
  if (process_ == nullptr) return;
  process_->kill();
  if (coded_.valid()) coded_.wait();
  process_.reset();
}

}  // namespace runner

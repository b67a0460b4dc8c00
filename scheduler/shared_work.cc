#include "scheduler/shared_work.h"

#include <chrono>
#include <utility>

namespace scheduler {
namespace {

constexpr std::chrono::milliseconds kLookInterval{20};
// Without anything to wait for, the store is only asked to share what others wait for.
constexpr std::chrono::milliseconds kShareInterval{100};
// Who has been checking one component for so long may be stopped. Checking twice costs time, waiting could
// last for ever.
constexpr std::chrono::seconds kPatience{60};

}  // namespace

SharedWork::SharedWork(OutcomeStore& store, const RunState& run,
                       std::function<void(graph::ComponentId)> settle)
    : store_(store),
      run_(run),
      settle_(std::move(settle)),
      thread_([this](const std::stop_token& stop) { keep_looking(stop); }) {}

SharedWork::~SharedWork() {
  thread_.request_stop();
}

std::vector<graph::ComponentId> SharedWork::claim(const std::vector<graph::ComponentId>& batch) {
  std::vector<graph::ComponentId> ours;
  const std::lock_guard lock(mutex_);
  for (const graph::ComponentId id : batch) {
    if (!patient_ || store_.claim(run_[id].static_key)) {
      ours.push_back(id);
    } else {
      awaited_.push_back({id, Clock::now()});
    }
  }
  if (ours.size() < batch.size()) {
    store_.note_waiting(true);
    changed_.notify_all();
  }
  return ours;
}

void SharedWork::give_up_waiting() {
  const std::lock_guard lock(mutex_);
  patient_ = false;
}

void SharedWork::keep_looking(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      const auto interval = awaited_.empty() ? kShareInterval : kLookInterval;
      changed_.wait_for(lock, stop, interval,
                        [&] { return interval == kShareInterval && !awaited_.empty(); });
    }
    store_.share();
    for (const graph::ComponentId id : take_settled()) settle_(id);
  }
}

std::vector<graph::ComponentId> SharedWork::take_settled() {
  std::vector<graph::ComponentId> settled;
  const std::lock_guard lock(mutex_);
  if (awaited_.empty()) return settled;
  if (Clock::now() - awaited_.front().since > kPatience) patient_ = false;
  std::erase_if(awaited_, [&](const Awaited& one) {
    if (patient_ && !store_.claim(run_[one.id].static_key)) return false;
    settled.push_back(one.id);
    return true;
  });
  if (awaited_.empty()) store_.note_waiting(false);
  return settled;
}

}  // namespace scheduler

#include "graph/scan_ahead.h"

#include <system_error>
#include <utility>

namespace graph {

ScanAhead::ScanAhead(ScanTarget target, ScanMemory* memory) : target_(std::move(target)), memory_(memory) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    stopped_ = true;  // without a thread there is nothing to gain
  }
}

void ScanAhead::add(const std::string& path) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    first = waiting_.empty();
    waiting_.push_back(path);
  }
  if (first) changed_.notify_one();
}

void ScanAhead::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

FreshScan* ScanAhead::find(const std::string& path, const ScanTarget& target) {
  if (done_.empty() || target != target_) return nullptr;
  const auto it = done_.find(path);
  return it == done_.end() ? nullptr : &it->second;
}

void ScanAhead::run() {
  const bool useful = memory_ == nullptr || memory_->empty();
  std::vector<std::string> taken;
  std::size_t next = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!useful) stopped_ = true;
      if (next == taken.size()) changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
      if (stopped_) return;
      if (next == taken.size()) {
        taken = std::exchange(waiting_, {});
        next = 0;
      }
    }
    const std::string& path = taken[next++];
    done_.insert_or_assign(path, scan_from_disk(path, target_));
  }
}

}  // namespace graph

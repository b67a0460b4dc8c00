#include "runner/worker_memory.h"

#include <algorithm>

namespace runner {

std::uint64_t WorkerMemory::share(std::uint64_t own) const {
  // typewave itself gives nothing back: the workers get a part even where it fills the limit.
  const std::uint64_t left = std::max(limit_ - std::min(own, limit_), limit_ / 4);
  // A worker is looked at between requests; the rest of its share is for what one request adds.
  return left / active_.load() / 20 * 17;
}

WorkerMemory::Advice WorkerMemory::advise(const WorkerSize& size, std::uint64_t own) {
  const std::uint64_t share = this->share(own);
  if (size.now <= share) return Advice::kGoOn;
  const std::uint64_t smallest = size.fresh == 0 ? size.now : size.fresh;
  if (smallest > share && leave()) return Advice::kLeave;
  // The last worker may exceed a limit that one request exceeds, but not start anew for each.
  const bool grown = size.now > smallest + smallest / 4;
  return smallest <= share || grown ? Advice::kReplace : Advice::kGoOn;
}

bool WorkerMemory::leave() {
  for (std::size_t active = active_.load(); active > 1;) {
    if (active_.compare_exchange_weak(active, active - 1)) return true;
  }
  return false;
}

std::size_t WorkerMemory::fitting(std::uint64_t limit, std::size_t wanted) {
  const std::uint64_t fit = std::max<std::uint64_t>(1, limit / kSmallestWorker);
  return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, fit));
}

}  // namespace runner

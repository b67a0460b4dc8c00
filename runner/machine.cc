#include "runner/machine.h"

#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace runner {
namespace {

// What a worker needs on a large repository (10,000 modules took 0.7 to 1.2 GB).
constexpr std::uint64_t kWorkerBytes = std::uint64_t{1} << 30;

std::uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  for (std::string name; info >> name;) {
    std::uint64_t kilobytes = 0;
    if (name == "MemAvailable:" && info >> kilobytes) return kilobytes * 1024;
  }
  return UINT64_MAX;
}

std::uint64_t control_group_memory() {
  const auto number = [](const char* path) {
    std::ifstream file(path);
    std::uint64_t value = 0;
    return file >> value ? value : UINT64_MAX;
  };
  const std::uint64_t limit = number("/sys/fs/cgroup/memory.max");
  if (limit == UINT64_MAX) return UINT64_MAX;
  const std::uint64_t used = number("/sys/fs/cgroup/memory.current");
  return used == UINT64_MAX || used >= limit ? limit : limit - used;
}

}  // namespace

std::size_t usable_processors() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

std::size_t default_jobs() {
  const std::uint64_t memory = std::min(available_memory(), control_group_memory());
  const std::uint64_t fit = std::max<std::uint64_t>(1, memory / kWorkerBytes);
  return static_cast<std::size_t>(std::min<std::uint64_t>(usable_processors(), fit));
}

}  // namespace runner

#include "runner/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace runner {
namespace {

// What a worker needs on a large repository (10,000 modules took 0.7 to 1.2 GB).
constexpr std::uint64_t kWorkerBytes = std::uint64_t{1} << 30;
// Unlimited is "max" in one version and a number near 2^63 in the other.
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62;
constexpr std::string_view kGroups = "/sys/fs/cgroup";

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The number after `name` in a table of names and numbers.
std::optional<std::uint64_t> number_of(const char* path, std::string_view name) {
  std::ifstream table(path);
  std::string word;
  std::uint64_t value = 0;
  while (table >> word) {
    if (word == name && table >> value) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> limit_in(const std::string& path, const ReadFile& read) {
  const std::optional<std::string> text = read(path);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  if (std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc())
    return std::nullopt;
  return value < kUnlimited ? std::optional(value) : std::nullopt;
}

// Whether a list of words divided by commas holds one.
bool lists(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const std::size_t comma = std::min(words.find(','), words.size());
    if (words.substr(0, comma) == wanted) return true;
    words.remove_prefix(std::min(comma + 1, words.size()));
  }
  return false;
}

}  // namespace

std::size_t usable_processors() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

std::optional<std::uint64_t> control_group_limit(std::string_view own_groups, const ReadFile& read) {
  std::optional<std::uint64_t> smallest;
  const auto consider = [&](const std::string& mount, std::string path, const char* file) {
    // Inside a container the mount often shows the group itself as its root: a path that is not there is
    // passed over, and the root is looked at in any case.
    for (;;) {
      if (const auto limit = limit_in(mount + path + "/" + file, read)) {
        smallest = std::min(smallest.value_or(*limit), *limit);
      }
      if (path.empty()) return;
      path.erase(path.rfind('/'));
    }
  };
  std::istringstream lines{std::string(own_groups)};
  // "number:controllers:/path"; the second version has no controllers there.
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == std::string::npos ? first : first + 1);
    if (second == std::string::npos) continue;
    const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    if (!path.starts_with('/') || path == "/") path.clear();
    if (controllers.empty()) {
      consider(std::string(kGroups), path, "memory.max");
      consider(std::string(kGroups) + "/unified", std::move(path), "memory.max");
    } else if (lists(controllers, "memory")) {
      consider(std::string(kGroups) + "/memory", std::move(path), "memory.limit_in_bytes");
    }
  }
  return smallest;
}

std::uint64_t memory_limit() {
  const auto pages = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PAGESIZE)));
  const auto groups = control_group_limit(read_file("/proc/self/cgroup").value_or(""), read_file);
  return std::min(pages * page, groups.value_or(UINT64_MAX));
}

std::uint64_t default_max_memory() {
  const std::uint64_t limit = memory_limit() / 5 * 4;
  const auto kilobytes = number_of("/proc/meminfo", "MemAvailable:");
  return kilobytes ? std::min(limit, *kilobytes * 1024) : limit;
}

std::size_t default_jobs(std::uint64_t max_memory) {
  const std::uint64_t fit = std::max<std::uint64_t>(1, max_memory / kWorkerBytes);
  return static_cast<std::size_t>(std::min<std::uint64_t>(usable_processors(), fit));
}

std::uint64_t resident_bytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(file >> total >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PAGESIZE)));
}

std::uint64_t out_of_memory_kills() {
  return number_of("/proc/vmstat", "oom_kill").value_or(0);
}

}  // namespace runner

#include "runner/seen_at_once.h"

#include <algorithm>
#include <string>
#include <vector>

#include "runner/file_system_kind.h"
#include "runner/settled_inputs.h"
#include "runner/stat_cache.h"

namespace runner {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// For so long nobody can tell an answer about the beginning from one about now.
constexpr std::int64_t kSoon = kSecond;

// A whole second may be a later moment of which the file system keeps no more, and some keep two.
bool is_older(std::int64_t time_ns, std::int64_t stamp_ns) {
  return time_ns < (time_ns % kSecond == 0 ? stamp_ns - 2 * kSecond : stamp_ns);
}

class Devices {
 public:
  // Whether this machine's clock stamps what lies at `path`.
  bool share_clock(std::uint64_t device, const std::string& path) {
    if (std::find(good_.begin(), good_.end(), device) != good_.end()) return true;
    const FileSystemKind kind = file_system_at(path).kind;
    if (kind.name == "unknown" || kind.remote) return false;
    good_.push_back(device);
    return true;
  }

 private:
  std::vector<std::uint64_t> good_;
};

}  // namespace

LookBeginning LookBeginning::now() {
  return {.stamp_ns = coarse_clock_ns(), .elapsed_ns = elapsed_clock_ns()};
}

bool seen_at_once(const graph::DiskObservations& seen, const LookBeginning& began) {
  if (elapsed_clock_ns() - began.elapsed_ns > kSoon) return false;
  Devices devices;
  const auto stood = [&](const graph::FileStat& stat, const std::string& path) {
    return stat != graph::FileStat{} && is_older(stat.mtime_ns, began.stamp_ns) &&
           is_older(stat.ctime_ns, began.stamp_ns) && devices.share_clock(stat.device, path);
  };
  return std::all_of(
             seen.directories.begin(), seen.directories.end(),
             [&](const graph::SeenDirectory& one) { return one.stat && stood(*one.stat, one.path); }) &&
         std::all_of(seen.files.begin(), seen.files.end(),
                     [&](const graph::SeenFile& one) { return stood(one.stat, one.path); });
}

}  // namespace runner

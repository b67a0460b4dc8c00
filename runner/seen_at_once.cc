#include "runner/seen_at_once.h"

#include <algorithm>
#include <string>
#include <vector>

#include "runner/file_system_kind.h"
#include "runner/settled_inputs.h"
#include "runner/stat_cache.h"

namespace runner {
namespace {

// For so long, in nanoseconds, nobody can tell an answer about the beginning from one about now.
constexpr std::int64_t kSoon = 1'000'000'000;

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
    // Who changes it after the beginning gives it this stamp or a later one.
    return stat != graph::FileStat{} && !may_have_changed_unseen(stat, began.stamp_ns - 1, 0) &&
           devices.share_clock(stat.device, path);
  };
  return std::all_of(
             seen.directories.begin(), seen.directories.end(),
             [&](const graph::SeenDirectory& one) { return one.stat && stood(*one.stat, one.path); }) &&
         std::all_of(seen.files.begin(), seen.files.end(),
                     [&](const graph::SeenFile& one) { return stood(one.stat, one.path); });
}

}  // namespace runner

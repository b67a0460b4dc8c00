// Whether what a run saw of the disk, one thing after the other, was all there at one moment.
#pragma once

#include <cstdint>

#include "graph/disk_observations.h"

namespace runner {

// When a run began to look at the disk.
struct LookBeginning {
  std::int64_t stamp_ns = 0;    // by the clock that stamps files: coarse_clock_ns()
  std::int64_t elapsed_ns = 0;  // elapsed_clock_ns()

  static LookBeginning now();
};

// Whether the beginning was such a moment, and not long ago: nothing that was seen has changed since, for it
// bears an older stamp. Looking again has nothing to add then. False for what lies on file systems that are
// not known to use this machine's clock, and for files without a stat. Paths, which have none, are not spoken
// of.
bool seen_at_once(const graph::DiskObservations& seen, const LookBeginning& began);

}  // namespace runner

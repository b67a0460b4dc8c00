#include "runner/run_changes.h"

#include "graph/disk_changes.h"

namespace runner {

std::optional<std::string> change_during(const RunSetup& setup, const graph::DiskObservations& seen,
                                         unsigned threads) {
  if (setup.settled) {
    if (auto changed = setup.settled->change()) return changed;
  }
  return graph::find_change(seen, threads);
}

}  // namespace runner

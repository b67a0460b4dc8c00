#include "runner/run_changes.h"

#include "graph/disk_changes.h"

namespace runner {

std::optional<std::string> change_during(const RunSetup& setup, unsigned threads) {
  if (setup.settled) {
    if (auto changed = setup.settled->change()) return changed;
  }
  if (setup.known) return graph::find_change(setup.known->seen, threads);
  return graph::find_change(observations_of(setup), threads);
}

}  // namespace runner

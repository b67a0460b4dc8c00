#include "runner/run_changes.h"

#include "graph/disk_changes.h"
#include "runner/machine.h"

namespace runner {

std::optional<std::string> change_during(const RunSetup& setup) {
  if (setup.settled) {
    if (auto changed = setup.settled->change()) return changed;
  }
  return graph::find_change(observations_of(setup), static_cast<unsigned>(usable_processors()));
}

}  // namespace runner

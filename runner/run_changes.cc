#include "runner/run_changes.h"

#include "graph/disk_changes.h"
#include "runner/machine.h"

namespace runner {

std::optional<std::string> change_during(const RunSetup& setup) {
  if (setup.settled) {
    if (auto changed = setup.settled->change()) return changed;
  }
  graph::DiskObservations seen = setup.files.observations();
  setup.scanner->add_to(seen);
  return graph::find_change(seen, static_cast<unsigned>(usable_processors()));
}

}  // namespace runner

// Which modules a change can reach, for commands that only look.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/planned_run.h"
#include "runner/state_directory.h"

namespace runner {

// By ModuleId.
struct AffectedModules {
  std::string since;
  std::vector<bool> changed;   // whose files are not what they were
  std::vector<bool> affected;  // whose outcome can change because of them, changed ones included
};

// By what is known before anything is checked, as `typewave check --changed-since` starts with. `run` must be
// of `setup`. Where a change reaches further than the graph can tell, a note says so, and all are affected.
graph::Result<AffectedModules> affected_since(const std::string& revision, RunSetup& setup,
                                              const PlannedRun& run, PackStore& store,
                                              const StateDirectory& state);

}  // namespace runner

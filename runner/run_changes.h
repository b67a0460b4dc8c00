// Whether a run still stands for what is on the disk.
#pragma once

#include <optional>
#include <string>

#include "graph/disk_observations.h"
#include "runner/run_setup.h"

namespace runner {

// Something that the run's settings or what it saw of the disk rest on and that is not what it was, or
// nothing.
std::optional<std::string> change_during(const RunSetup& setup, const graph::DiskObservations& seen,
                                         unsigned threads);

}  // namespace runner

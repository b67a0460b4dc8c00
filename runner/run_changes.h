// Whether a run still stands for what is on the disk.
#pragma once

#include <optional>
#include <string>

#include "runner/run_setup.h"

namespace runner {

// Something that the run's settings or its graph rest on and that is not what it was, or nothing.
std::optional<std::string> change_during(const RunSetup& setup, unsigned threads);

}  // namespace runner

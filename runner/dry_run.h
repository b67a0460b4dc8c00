// What a check would do, wave by wave, with the reasons.
#pragma once

#include <string>

#include "runner/planned_run.h"

namespace runner {

std::string describe_plan(const PlannedRun& run);

}  // namespace runner

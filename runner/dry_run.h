// What a check would do, wave by wave, with the reasons.
#pragma once

#include <string>

#include "runner/planned_run.h"

namespace runner {

// Why a component is reused or checked, for people.
std::string reason_text(const scheduler::Decision& decision);

std::string describe_plan(const PlannedRun& run);

}  // namespace runner

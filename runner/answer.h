// The text a run prints: what mypy would, from the outcomes of all components.
#pragma once

#include "runner/check_command.h"
#include "runner/diagnostic_formatter.h"
#include "runner/planned_run.h"

namespace runner {

FormattedOutput format_answer(const PlannedRun& run, ColorChoice color);

}  // namespace runner

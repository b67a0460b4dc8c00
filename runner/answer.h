// The text a run prints: what mypy would, from the outcomes of all components.
#pragma once

#include "runner/check_command.h"
#include "runner/diagnostic_formatter.h"
#include "runner/planned_run.h"

namespace runner {

FormattedOutput format_answer(const PlannedRun& run, ColorChoice color);

// Of what decides how a run's diagnostics are printed, besides the diagnostics: options, environment,
// terminal.
graph::Digest digest_of_appearance(const FormatOptions& options, ColorChoice color);

}  // namespace runner

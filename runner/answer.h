// The text a run prints: what mypy would, from the outcomes of all components.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/check_command.h"
#include "runner/diagnostic_formatter.h"
#include "runner/finding.h"
#include "runner/planned_run.h"

namespace runner {

FormattedOutput format_answer(const PlannedRun& run, ColorChoice color);

// The same for reports: as it is written to a file, and its findings, in the same order.
std::string plain_answer(const PlannedRun& run);
std::vector<Finding> collect_findings(const PlannedRun& run);

// The decoded lines of a source; nothing if it cannot be read.
std::optional<std::vector<std::string>> read_source_lines(const std::string& path);

// Of what decides how a run's diagnostics are printed, besides the diagnostics: options, environment,
// terminal.
graph::Digest digest_of_appearance(const FormatOptions& options, ColorChoice color);

}  // namespace runner

// The summary of a step of GitHub Actions: Markdown on the page of the run.
#pragma once

#include <cstddef>
#include <string>

#include "runner/report.h"

namespace runner {

// At most `room` bytes: what does not fit is counted, and nothing is written where not even that fits.
std::string step_summary(const ReportInput& input, std::size_t room);

// Adds it to the file of $GITHUB_STEP_SUMMARY, within GitHub's limit of 1 MiB a step. Trouble is only warned
// of: the summary is a courtesy.
void append_step_summary(const ReportInput& input, const std::string& file);

}  // namespace runner

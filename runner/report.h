// Writes the answer of a run in the formats that other programs read; one file (report_*.cc) a format.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runner/diagnostic_formatter.h"
#include "runner/finding.h"
#include "runner/report_paths.h"
#include "runner/report_target.h"

namespace runner {

// A finished run, as all writers see it. The same input gives the same bytes.
struct ReportInput {
  std::string text;                   // mypy's text, without colours
  std::vector<Finding> findings;      // in the order of the text
  std::vector<std::string> failures;  // why not everything could be checked; nothing of it is in findings
  int exit_code = 0;
  std::string mypy_version;
  ReportPaths paths;
  SourceReader read_source;       // by the path as it is shown
  std::set<std::string> changed;  // files of the change, absolute: named first where space is short
};

std::string write_report(ReportFormat format, const ReportInput& input);

std::string sarif_report(const ReportInput& input);
std::string junit_report(const ReportInput& input);
std::string github_report(const ReportInput& input);
std::string gitlab_report(const ReportInput& input);
std::string checkstyle_report(const ReportInput& input);

// Findings of files that changed before the others, else in their order.
std::vector<const Finding*> changed_first(const ReportInput& input);

// The message of a finding with those of its notes, one a line.
std::string whole_message(const Finding& finding);

}  // namespace runner

#include "runner/report.h"

#include <algorithm>

#include "runner/json_message.h"

namespace runner {
namespace {

std::string json_report(const ReportInput& input) {
  std::string report;
  for (const Finding& finding : input.findings) report += json_message(finding) + "\n";
  return report;
}

}  // namespace

std::string write_report(ReportFormat format, const ReportInput& input) {
  switch (format) {
    case ReportFormat::kText:
      return input.text;
    case ReportFormat::kJson:
      return json_report(input);
    case ReportFormat::kSarif:
      return sarif_report(input);
    case ReportFormat::kJunit:
      return junit_report(input);
    case ReportFormat::kGithub:
      return github_report(input);
    case ReportFormat::kGitlab:
      return gitlab_report(input);
    case ReportFormat::kCheckstyle:
      return checkstyle_report(input);
  }
  return {};
}

std::vector<const Finding*> changed_first(const ReportInput& input) {
  std::vector<const Finding*> findings;
  for (const Finding& finding : input.findings) {
    if (!is_scope_note(finding)) findings.push_back(&finding);
  }
  std::stable_partition(findings.begin(), findings.end(), [&](const Finding* finding) {
    return input.changed.contains(input.paths.absolute(finding->file));
  });
  return findings;
}

std::string whole_message(const Finding& finding) {
  return finding.hint ? finding.message + "\n" + *finding.hint : finding.message;
}

}  // namespace runner

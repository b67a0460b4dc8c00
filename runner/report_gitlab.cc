// GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/fingerprint.h"
#include "runner/report.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

struct Issue {
  std::string description;
  std::string check;
  std::string fingerprint;
  const char* severity;
  std::string path;
  std::int32_t line;
};

ordered_json issue_json(const Issue& issue) {
  return {{"type", "issue"},
          {"description", shown_text(issue.description)},
          {"check_name", shown_line(issue.check)},
          {"fingerprint", issue.fingerprint},
          {"severity", issue.severity},
          {"categories", ordered_json::array({"Bug Risk"})},
          {"location", {{"path", shown_line(issue.path)}, {"lines", {{"begin", std::max(issue.line, 1)}}}}}};
}

}  // namespace

std::string gitlab_report(const ReportInput& input) {
  ordered_json issues = ordered_json::array();
  const std::vector<Fingerprint> prints = fingerprints(input);
  for (std::size_t i = 0; i < input.findings.size(); ++i) {
    const Finding& finding = input.findings[i];
    if (is_scope_note(finding)) continue;
    issues.push_back(issue_json({.description = whole_message(finding),
                                 .check = finding.code.value_or("mypy"),
                                 .fingerprint = prints[i].unique(),
                                 .severity = finding.is_error ? "major" : "info",
                                 .path = input.paths.in_repository(finding.file),
                                 .line = finding.line}));
  }
  // What kept the check from ending has no place in a file, but must not look like a clean run.
  for (const std::string& failure : input.failures) {
    graph::DigestBuilder builder;
    builder.field("failure", failure);
    builder.field("number", static_cast<std::uint64_t>(issues.size()));
    issues.push_back(issue_json({.description = failure,
                                 .check = "typewave",
                                 .fingerprint = builder.finish().hex().substr(0, 32),
                                 .severity = "blocker",
                                 .path = ".",
                                 .line = 1}));
  }
  return issues.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace runner

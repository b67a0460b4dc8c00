// Workflow commands of GitHub Actions, which become annotations:
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
#include <cstddef>

#include "runner/report.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

// How many annotations of one kind GitHub shows of one step.
constexpr std::size_t kMost = 10;

// A command's message ends with its line.
std::string data(const std::string& text) {
  std::string escaped;
  for (const char c : shown_text(text)) {
    switch (c) {
      case '%':
        escaped += "%25";
        break;
      case '\n':
        escaped += "%0A";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Properties end with a comma or a colon, too.
std::string property(const std::string& text) {
  std::string escaped;
  for (const char c : data(text)) {
    switch (c) {
      case ':':
        escaped += "%3A";
        break;
      case ',':
        escaped += "%2C";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string command(const Finding& finding, const ReportPaths& paths) {
  std::string text = finding.is_error ? "::error" : "::notice";
  text += " file=" + property(paths.in_repository(finding.file));
  if (finding.line > 0) text += ",line=" + std::to_string(finding.line);
  if (finding.line > 0 && finding.column >= 0) text += ",col=" + std::to_string(finding.column + 1);
  text += ",title=" + property(finding.code ? "mypy: " + *finding.code : "mypy");
  return text + "::" + data(whole_message(finding)) + "\n";
}

}  // namespace

std::string github_report(const ReportInput& input) {
  std::string report;
  std::size_t errors = 0;
  std::size_t notes = 0;
  for (const std::string& failure : input.failures) {
    if (errors++ < kMost) report += "::error title=typewave::" + data(failure) + "\n";
  }
  for (const Finding* finding : changed_first(input)) {
    if ((finding->is_error ? errors : notes)++ < kMost) report += command(*finding, input.paths);
  }
  return report;
}

}  // namespace runner

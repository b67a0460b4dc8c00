// Checkstyle's XML, which most viewers of warnings read.
#include "runner/report.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + xml_text(value) + "\"";
}

std::string error_element(const Finding& finding) {
  std::string element = "    <error" + attribute("line", std::to_string(finding.line > 0 ? finding.line : 0));
  if (finding.line > 0 && finding.column >= 0) {
    element += attribute("column", std::to_string(finding.column + 1));
  }
  element += attribute("severity", finding.is_error ? "error" : "info");
  element += attribute("message", whole_message(finding));
  element += attribute("source", finding.code ? "mypy." + *finding.code : "mypy");
  return element + "/>\n";
}

}  // namespace

std::string checkstyle_report(const ReportInput& input) {
  std::string report = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n";
  const std::string* file = nullptr;
  const auto close = [&] {
    if (file != nullptr) report += "  </file>\n";
  };
  for (const Finding& finding : input.findings) {
    if (is_scope_note(finding)) continue;
    if (file == nullptr || *file != finding.file) {
      close();
      file = &finding.file;
      report += "  <file" + attribute("name", finding.file) + ">\n";
    }
    report += error_element(finding);
  }
  close();
  if (!input.failures.empty()) {
    report += "  <file name=\".\">\n";
    for (const std::string& failure : input.failures) {
      report += error_element({.file = ".", .message = failure, .is_error = true});
    }
    report += "  </file>\n";
  }
  return report + "</checkstyle>\n";
}

}  // namespace runner

// JUnit's XML: one test case a file that has messages, and one for the check itself.
#include <sstream>

#include "runner/report.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + xml_text(value) + "\"";
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// As mypy's text with columns: a line for the message, and one for each of its notes.
std::string lines_of(const Finding& finding) {
  std::string place = finding.file;
  if (finding.line > 0) place += ":" + std::to_string(finding.line);
  if (finding.line > 0 && finding.column >= 0) place += ":" + std::to_string(finding.column + 1);
  std::string lines = place + (finding.is_error ? ": error: " : ": note: ") + finding.message;
  if (finding.code) lines += "  [" + *finding.code + "]";
  lines += "\n";
  if (!finding.hint) return lines;
  std::istringstream notes(*finding.hint);
  for (std::string note; std::getline(notes, note);) lines += place + ": note: " + note + "\n";
  return lines;
}

// The messages of one file.
struct TestCase {
  std::string file;
  std::string text{};
  std::size_t errors = 0;
};

std::vector<TestCase> cases_by_file(const ReportInput& input) {
  std::vector<TestCase> cases;
  for (const Finding& finding : input.findings) {
    if (is_scope_note(finding)) continue;
    if (cases.empty() || cases.back().file != finding.file) cases.push_back({finding.file});
    cases.back().text += lines_of(finding);
    if (finding.is_error) ++cases.back().errors;
  }
  return cases;
}

std::string element(const TestCase& test) {
  std::string text = "    <testcase" + attribute("classname", "mypy") + attribute("name", test.file) +
                     attribute("time", "0") + ">\n";
  if (test.errors > 0) {
    text += "      <failure" + attribute("message", counted(test.errors, "error")) +
            attribute("type", "error") + ">" + xml_text(test.text) + "</failure>\n";
  } else {
    text += "      <system-out>" + xml_text(test.text) + "</system-out>\n";
  }
  return text + "    </testcase>\n";
}

// Whether the check came to its end.
std::string element_of_run(const ReportInput& input) {
  const std::string start = "    <testcase" + attribute("classname", "typewave") +
                            attribute("name", "check") + attribute("time", "0");
  if (input.exit_code < 2) return start + "/>\n";
  std::string reasons;
  for (const std::string& failure : input.failures) reasons += failure + "\n";
  return start + ">\n      <error" + attribute("message", "the check could not be completed") +
         attribute("type", "error") + ">" + xml_text(reasons) + "</error>\n    </testcase>\n";
}

}  // namespace

std::string junit_report(const ReportInput& input) {
  const std::vector<TestCase> cases = cases_by_file(input);
  std::size_t failures = 0;
  for (const TestCase& test : cases) failures += test.errors > 0 ? 1 : 0;
  const std::string counts = attribute("tests", std::to_string(cases.size() + 1)) +
                             attribute("failures", std::to_string(failures)) +
                             attribute("errors", input.exit_code < 2 ? "0" : "1") + attribute("time", "0");
  std::string report = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  report += "<testsuites" + attribute("name", "typewave") + counts + ">\n";
  report += "  <testsuite" + attribute("name", "mypy") + counts + attribute("skipped", "0") + ">\n";
  report += element_of_run(input);
  for (const TestCase& test : cases) report += element(test);
  return report + "  </testsuite>\n</testsuites>\n";
}

}  // namespace runner

#include "runner/verification.h"

#include <unistd.h>

#include <cstdlib>
#include <set>
#include <utility>

#include "runner/line_diff.h"
#include "runner/plain_mypy.h"
#include "runner/terminal_detect.h"

namespace runner {

AnswerDifference compare_answers(const PrintedAnswer& mypy, const PrintedAnswer& typewave,
                                 const Comparison& comparison) {
  const std::vector<std::string> expected = comparable_lines(mypy, comparison);
  const std::vector<std::string> actual = comparable_lines(typewave, comparison);
  const std::vector<LineEdit> edits = diff_lines(expected, actual);
  std::set<std::string> files;
  for (const LineEdit& edit : edits) {
    if (edit.mark == ' ') continue;
    if (std::string file = file_of_message(edit.line); !file.empty()) files.insert(std::move(file));
  }
  return {unified_diff(edits, "mypy", "typewave"), {files.begin(), files.end()}};
}

graph::Result<VerifiedAnswer> verify_answer(const RunSetup& setup, const PrintedAnswer& answer,
                                            ColorChoice color) {
  std::vector<std::string> variables;
  const bool on_terminal = ::isatty(STDOUT_FILENO) != 0;
  // What mypy prints into memory has to be broken into lines as on the terminal.
  if (const Terminal terminal = detect_terminal(); on_terminal && terminal.width_is_valid) {
    variables.push_back("MYPY_FORCE_TERMINAL_WIDTH=" + std::to_string(terminal.width));
  }
  auto reference = capture_plain_mypy(setup.python, cold_arguments(setup.mypy_arguments), variables);
  if (!reference) return reference.error();
  // The two decide alike about colours only where neither has a terminal or a variable of its own.
  const bool alike = !on_terminal && color == ColorChoice::kAuto && std::getenv("NO_COLOR") == nullptr;
  const Comparison comparison{.colours = alike, .stderr_text = !setup.probe.has_plugins};
  AnswerDifference difference = compare_answers(*reference, answer, comparison);
  return VerifiedAnswer{std::move(*reference), std::move(difference)};
}

}  // namespace runner

// The text of a run, from what the store holds to the summary line.
#include "runner/answer.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/planned_project.h"
#include "tests/support/process_surroundings.h"

namespace runner {
namespace {

using support::PlannedProject;
using support::ScopedVariable;

scheduler::Diagnostic error(const std::string& message, std::int32_t line) {
  scheduler::Diagnostic diagnostic;
  diagnostic.line = line;
  diagnostic.severity = "error";
  diagnostic.message = message;
  diagnostic.code = "misc";
  diagnostic.origin_span = {line};
  return diagnostic;
}

graph::OptionsSection section(const std::string& pattern) {
  graph::OptionsSection result;
  result.pattern = pattern;
  result.changes = "{}";
  return result;
}

TEST_CASE("no diagnostics: success, with the number of sources") {
  PlannedProject project("a -> b; b");
  project.keep("b").keep("a");
  const FormattedOutput answer = format_answer(project.plan(), ColorChoice::kNever);
  CHECK(answer.text == "Success: no issues found in 2 source files\n");
  CHECK(answer.exit_code == 0);
}

TEST_CASE("diagnostics of all components, sorted by path, with the summary") {
  PlannedProject project("a -> b; b");
  project.keep("b", {error("Worse", 2)}).keep("a", {error("Second", 7), error("First", 3)});
  const FormattedOutput answer = format_answer(project.plan(), ColorChoice::kNever);
  CHECK(answer.text ==
        "a.py:3: error: First  [misc]\n"
        "a.py:7: error: Second  [misc]\n"
        "b.py:2: error: Worse  [misc]\n"
        "Found 3 errors in 2 files (checked 2 source files)\n");
  CHECK(answer.exit_code == 1);
}

TEST_CASE("colours appear when asked for, not for NO_COLOR or an option's never") {
  const ScopedVariable term("TERM", "xterm");
  PlannedProject project("a");
  project.keep("a", {error("Bad", 1)});
  const auto colored = [&](ColorChoice choice) {
    return format_answer(project.plan(), choice).text.find('\033') != std::string::npos;
  };
  CHECK(colored(ColorChoice::kAlways));
  CHECK_FALSE(colored(ColorChoice::kNever));
  const ScopedVariable force("MYPY_FORCE_COLOR", "1");
  ScopedVariable no_color("NO_COLOR", std::nullopt);
  CHECK(colored(ColorChoice::kAuto));
  no_color.set("");  // https://no-color.org: set and not empty
  CHECK(colored(ColorChoice::kAuto));
  no_color.set("1");
  CHECK_FALSE(colored(ColorChoice::kAuto));
  CHECK(colored(ColorChoice::kAlways));
}

TEST_CASE("what is formatted ahead is the same text") {
  PlannedProject project("a -> b; b; c; d");
  scheduler::Diagnostic once = error("See the manual", 4);
  once.only_once = true;
  project.keep("b", {error("Worse", 2)}).keep("a", {error("Second", 7), error("First", 3), once});
  project.keep("c", {once}).keep("d", {error("Last", 1)});
  for (const bool pretty : {false, true}) {
    CAPTURE(pretty);
    project.setup.probe.format.pretty = pretty;
    const PlannedRun& run = project.plan();
    const RunSetup& setup = run.setup();
    DiagnosticMerge merge(setup.graph, *setup.components, run.state());
    AnswerText text(run, ColorChoice::kAlways);
    text.format_ahead(merge.take_final());
    const FormattedOutput ahead = text.finish(answer_parts(run, merge.finish()));
    const FormattedOutput at_once = format_answer(run, ColorChoice::kAlways);
    CHECK(ahead.text == at_once.text);
    CHECK(ahead.errors == 5);
    CHECK(ahead.files_with_errors == at_once.files_with_errors);
    CHECK(ahead.exit_code == at_once.exit_code);
  }
}

TEST_CASE("sections that no module asked for are noted, in the words of their kind of file") {
  PlannedProject project("a", {section("used"), section("b.*"), section("a"), section("c")});
  project.keep("a");
  project.setup.probe.warn_unused_configs = true;
  const auto note = [&](const char* config) {
    project.setup.probe.config_file = config;
    const std::string text = format_answer(project.plan(), ColorChoice::kNever).text;
    return text.substr(0, text.find('\n'));
  };
  CHECK(note("mypy.ini") == "mypy.ini: note: unused section(s): [mypy-used], [mypy-b.*], [mypy-c]");
  CHECK(note("pyproject.toml") == "pyproject.toml: note: unused section(s): module = ['b.*', 'c', 'used']");
  project.setup.probe.warn_unused_configs = false;
  CHECK(note("mypy.ini") == "Success: no issues found in 1 source file");
}

}  // namespace
}  // namespace runner

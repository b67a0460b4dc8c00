#include "runner/reports.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "runner/answer.h"
#include "runner/console.h"
#include "runner/json_message.h"
#include "runner/plain_mypy.h"
#include "runner/report_file.h"
#include "runner/step_summary.h"

namespace runner {
namespace {

// Enough to see what went wrong, where mypy's own log may be longer than its answer.
constexpr std::size_t kMostFailureLines = 100;
constexpr int kFailed = 2;  // mypy's exit status when it could not do the check

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

template <typename Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// What mypy complained of, without its log (-v).
std::string complaints(std::string_view stderr_text) {
  std::string text;
  std::size_t lines = 0;
  for_each_line(stderr_text, [&](std::string_view line) {
    const bool log = line.starts_with("LOG: ") || line.starts_with("TRACE: ");
    if (line.empty() || log || parse_json_message(line) || ++lines > kMostFailureLines) return;
    text += (text.empty() ? "" : "\n") + std::string(line);
  });
  return text;
}

}  // namespace

Reports::Reports(std::vector<ReportTarget> targets, const std::string& working_directory)
    : targets_(std::move(targets)),
      replaces_answer_(std::any_of(targets_.begin(), targets_.end(),
                                   [](const ReportTarget& target) { return target.to_stdout(); })),
      input_{.text = {},
             .findings = {},
             .failures = {},
             .exit_code = 0,
             .mypy_version = {},
             .paths = ReportPaths::in_checkout(working_directory),
             .read_source = read_source_lines,
             .changed = {}} {
  const std::string actions = variable("GITHUB_ACTIONS");
  on_actions_ = !actions.empty() && actions != "false" && actions != "0";
}

bool Reports::wants(ReportFormat format) const {
  return std::any_of(targets_.begin(), targets_.end(),
                     [format](const ReportTarget& target) { return target.format == format; });
}

void Reports::print(const std::string& text) const {
  if (!replaces_answer_) print_stdout(text);
}

void Reports::take(const PlannedRun& run, const AnswerParts& parts) {
  if (!wanted()) return;
  input_.findings = collect_findings(run, parts);
  if (wants(ReportFormat::kText)) input_.text = plain_answer(run, parts);
}

int Reports::pass_on(const EarlyExit& exit) {
  print(exit.stdout_text);
  print_stderr(exit.stderr_text);
  input_.text = exit.stdout_text;
  if (exit.code >= kFailed) fail(complaints(exit.stderr_text));
  return exit.code;
}

graph::Result<int> Reports::run_mypy(const std::string& python,
                                     const std::vector<std::string>& mypy_arguments) {
  if (!wanted()) return run_plain_mypy(python, mypy_arguments);
  graph::Result<int> code = 0;
  if (wants(ReportFormat::kText) || replaces_answer_) {
    auto answer = run_plain_mypy_kept(python, mypy_arguments, !replaces_answer_);
    if (!answer) return answer.error();
    code = answer->exit_code;
    input_.text = std::move(answer->stdout_text);
  } else {
    code = run_plain_mypy(python, mypy_arguments);
    if (!code) return code;
  }
  const bool only_text =
      !on_actions_ && std::all_of(targets_.begin(), targets_.end(),
                                  [](const auto& target) { return target.format == ReportFormat::kText; });
  if (only_text) return code;
  // Its text says too little: no columns, and messages may be wrapped.
  auto json = capture_mypy_json(python, mypy_arguments);
  if (!json) return json.error();
  if (json->exit_code != *code) {
    print_warning("mypy ran again for the reports, and ended with " + std::to_string(json->exit_code) +
                  " instead of " + std::to_string(*code) + ": the reports say what it found then");
  }
  take_json(*json);
  return code;
}

void Reports::take_json(const PrintedAnswer& json) {
  for (const std::string_view text :
       {std::string_view(json.stdout_text), std::string_view(json.stderr_text)}) {
    for_each_line(text, [&](std::string_view line) {
      if (auto finding = parse_json_message(line)) input_.findings.push_back(std::move(*finding));
    });
  }
  if (json.exit_code < kFailed) return;
  const std::string text = complaints(json.stderr_text);
  if (!text.empty()) fail(text);
  const bool explained = std::any_of(input_.findings.begin(), input_.findings.end(),
                                     [](const Finding& finding) { return finding.is_error; });
  if (text.empty() && !explained) fail("mypy ended with exit status " + std::to_string(json.exit_code));
}

int Reports::write(int exit_code, const std::string& mypy_version) {
  if (!wanted()) return exit_code;
  input_.exit_code = exit_code;
  input_.mypy_version = mypy_version;
  for (const ReportTarget& target : targets_) {
    const std::string report = write_report(target.format, input_);
    if (target.to_stdout()) {
      print_stdout(report);
    } else if (const auto error = write_report_file(target.file, report)) {
      print_error({error->message, "give --report a file that can be written"});
      exit_code = kFailed;
    }
  }
  const bool asked = wants(ReportFormat::kGithub);
  if (on_actions_ && !asked) print_stderr(github_report(input_));
  const std::string summary = variable("GITHUB_STEP_SUMMARY");
  if ((on_actions_ || asked) && !summary.empty()) append_step_summary(input_, summary);
  return exit_code;
}

}  // namespace runner

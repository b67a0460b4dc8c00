// The text a run prints: what mypy would, from the outcomes of all components.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runner/check_command.h"
#include "runner/diagnostic_formatter.h"
#include "runner/finding.h"
#include "runner/merge.h"
#include "runner/planned_run.h"

namespace runner {

// What an answer is made of, before it is text.
struct AnswerParts {
  std::vector<ModuleDiagnostics> modules;  // sorted by path
  std::vector<std::string> closing;        // messages that belong to no file
  std::size_t sources = 0;                 // source files, for the summary
  std::vector<bool> covered;               // by ModuleId: whether the answer is about the module
};

// The own files an answer is about, absolute, sorted.
std::vector<std::string> covered_files(const PlannedRun& run, const AnswerParts& parts);

// `modules`: of a DiagnosticMerge of this run.
AnswerParts answer_parts(const PlannedRun& run, std::vector<ModuleDiagnostics> modules);
// The text of a run's whole answer, some of it made while the rest is not known.
class AnswerText {
 public:
  AnswerText(const PlannedRun& run, ColorChoice color);
  // What DiagnosticMerge::take_final() gives.
  void format_ahead(const std::vector<const ModuleDiagnostics*>& settled);
  // `parts`: all that there are.
  FormattedOutput finish(const AnswerParts& parts) const;

 private:
  const PlannedRun& run_;
  DiagnosticFormatter formatter_;
  std::vector<std::unique_ptr<const FormattedFile>> ahead_;  // by ModuleId; null: not yet
};

FormattedOutput format_answer(const PlannedRun& run, const AnswerParts& parts, ColorChoice color);
// The whole answer.
inline FormattedOutput format_answer(const PlannedRun& run, ColorChoice color) {
  return format_answer(run, answer_parts(run, merge_diagnostics(run)), color);
}

// The same for reports: as it is written to a file, and its findings, in the same order.
std::string plain_answer(const PlannedRun& run, const AnswerParts& parts);
std::vector<Finding> collect_findings(const PlannedRun& run, const AnswerParts& parts);

// The decoded lines of a source; nothing if it cannot be read.
std::optional<std::vector<std::string>> read_source_lines(const std::string& path);

// mypy's note on sections of the configuration that no module asked for.
std::vector<std::string> unused_sections_note(const RunSetup& setup);

// Of what decides how a run's diagnostics are printed, besides the diagnostics: options, environment,
// terminal.
graph::Digest digest_of_appearance(const FormatOptions& options, ColorChoice color);

}  // namespace runner

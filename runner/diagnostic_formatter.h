// Turns stored diagnostics into mypy's text: sorting, duplicates, every output option, colours, the summary.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/shown_path.h"
#include "runner/terminal_style.h"
#include "scheduler/outcome.h"

namespace runner {

// The options that decide how messages are printed, and nothing else.
struct FormatOptions {
  bool show_column_numbers = false;
  bool show_error_end = false;
  bool show_error_context = false;
  bool show_absolute_path = false;
  bool hide_error_codes = false;
  bool pretty = false;
  bool error_summary = true;
  bool color_output = true;             // the option; whether colours appear also depends on the terminal
  std::optional<std::string> output{};  // "json"
  std::string cwd{};                    // absolute
};

// The diagnostics of one file and what they are printed with; views.
struct FileDiagnostics {
  std::string_view path;  // as mypy prints it before options
  std::span<const scheduler::Diagnostic> diagnostics;
  // Chain of (path, line) from the outermost import to this module, as mypy's import_context.
  std::span<const std::pair<std::string, int>> import_context;
};

// Messages as they are printed, and what of them counts.
struct FormattedFile {
  std::string text;
  std::size_t messages = 0;
  std::size_t errors = 0;
  std::size_t notes = 0;
  std::vector<std::string> files_with_errors;  // by what stands before the first colon; distinct
};

// Everything that is printed, and what the summary counts.
struct FormattedOutput {
  std::string text;                   // what goes to standard output, summary included
  std::size_t errors = 0;             // messages that read as errors, which JSON objects do not
  std::size_t notes = 0;              // messages that read as notes
  std::size_t files_with_errors = 0;  // by what stands before the first colon of an error
  int exit_code = 0;                  // 0 or 1; runs with blocking errors are not formatted here
};

// Gives the lines of a file for --pretty, or nothing if it cannot be read; see decoded_source_lines(). Asked
// at most once a file, by the path as it is in FileDiagnostics.
using SourceReader = std::function<std::optional<std::vector<std::string>>(const std::string&)>;

// What comes after the messages of all files.
struct AnswerEnd {
  std::span<const std::string> closing_messages;  // of no file (unused sections); whole lines, never JSON
  std::size_t sources = 0;                        // source files, for the summary
  bool summary = true;                            // if the options want it, too
};

// Formats files in any order, each on its own. May be used by several threads.
class DiagnosticFormatter {
 public:
  DiagnosticFormatter(FormatOptions options, Terminal terminal, SourceReader read_source);
  DiagnosticFormatter(const DiagnosticFormatter&) = delete;
  DiagnosticFormatter& operator=(const DiagnosticFormatter&) = delete;

  FormattedFile format(const FileDiagnostics& file) const;
  // All of them in this order.
  FormattedOutput join(std::span<const FormattedFile* const> files, const AnswerEnd& end) const;
  // Whether a file's messages show its source, which is read for that.
  bool shows_sources() const { return options_.pretty && !json_; }

 private:
  // Each as it is, or as it fits into the terminal.
  FormattedFile lines(std::vector<std::string> messages) const;
  void append_summary(FormattedOutput& output, std::size_t messages, std::size_t sources) const;

  const FormatOptions options_;
  const Terminal terminal_;
  const SourceReader read_source_;
  const ShownPath paths_;
  const bool json_;
  std::optional<TerminalStyle> style_;  // refers to the terminal's sequences
};

// Formats all at once.
FormattedOutput format_diagnostics(std::span<const FileDiagnostics> files, const FormatOptions& options,
                                   const Terminal& terminal, const SourceReader& read_source,
                                   const AnswerEnd& end);

}  // namespace runner

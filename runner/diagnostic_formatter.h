// Turns stored diagnostics into mypy's text: sorting, duplicates, every output option, colours, the summary.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

// The diagnostics of one file and what they are printed with.
struct FileDiagnostics {
  std::string path;  // as mypy prints it before options
  std::span<const scheduler::Diagnostic> diagnostics;
  // Chain of (path, line) from the outermost import to this module, as mypy's import_context.
  std::vector<std::pair<std::string, int>> import_context;
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

// `sources` is the number of source files for the summary. `closing_messages` belong to no file and come last
// (unused configuration sections); they are complete lines, never JSON.
FormattedOutput format_diagnostics(std::span<const FileDiagnostics> files, const FormatOptions& options,
                                   const Terminal& terminal, std::size_t sources,
                                   const SourceReader& read_source,
                                   std::span<const std::string> closing_messages = {});

}  // namespace runner

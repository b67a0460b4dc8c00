// Turns stored diagnostics into mypy's text: sorting, duplicates, every output option, colours, the summary.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

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
  bool color_output = true;           // the option; whether colours appear also depends on the terminal
  std::optional<std::string> output;  // "json"
  std::string cwd;                    // absolute
};

// What mypy asks of the terminal and the environment (util.py: FancyFormatter, get_terminal_width).
struct Terminal {
  bool stdout_is_tty = false;
  bool stderr_is_tty = false;
  int colors = 0;                   // as terminfo says for TERM, 0 without colours
  int width = 0;                    // columns, as mypy determines them
  std::optional<bool> force_color;  // FORCE_COLOR / MYPY_FORCE_COLOR / --color=always|never; NO_COLOR
};

// The diagnostics of one file and what they are printed with.
struct FileDiagnostics {
  std::string path;  // as mypy prints it before options
  std::span<const scheduler::Diagnostic> diagnostics;
  // Chain of (path, line) from the outermost import to this module, as mypy's import_context.
  std::vector<std::pair<std::string, int>> import_context;
};

// One line of output together with what the summary counts.
struct FormattedOutput {
  std::string text;  // what goes to standard output, summary included
  std::size_t errors = 0;
  std::size_t notes = 0;
  std::size_t files_with_errors = 0;
  int exit_code = 0;  // 0 without errors, 1 with (blocking errors are not formatted here)
};

// `read_source` gives the lines of a file for --pretty (nothing if unreadable). `sources` is the number of
// source files for the summary.
FormattedOutput format_diagnostics(
    std::span<const FileDiagnostics> files, const FormatOptions& options, const Terminal& terminal,
    std::size_t sources,
    const std::function<std::optional<std::vector<std::string>>(const std::string&)>& read_source);

}  // namespace runner

#include "runner/diagnostic_formatter.h"

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "runner/error_table.h"
#include "runner/json_message.h"
#include "runner/shown_path.h"
#include "runner/source_snippet.h"
#include "runner/terminal_fit.h"

namespace runner {
namespace {

using SourceLines = std::optional<std::vector<std::string>>;

// Notes show no code, as they mostly belong to an error that does; these stand alone.
bool shows_code(const ErrorRow& row) {
  if (row.code == nullptr || row.code->empty()) return false;
  return row.is_error || *row.code == "annotation-unchecked" || *row.code == "deprecated";
}

void append_message(std::string& line, const ErrorTable& table, const ErrorRow& row,
                    const FormatOptions& options) {
  if (row.in_file) {
    line += table.path();
    if (row.line >= 0) {
      line += ':';
      line += std::to_string(row.line);
    }
    if (options.show_column_numbers && row.line >= 0 && row.column >= 0) {
      line += ':';
      line += std::to_string(std::int64_t{row.column} + 1);
      if (options.show_error_end && row.end_line >= 0 && row.end_column >= 0) {
        line += ':';
        line += std::to_string(row.end_line);
        line += ':';
        line += std::to_string(row.end_column);
      }
    }
    line += row.is_error ? ": error: " : ": note: ";
  }
  line += row.message;
  if (!options.hide_error_codes && shows_code(row)) {
    line += "  [";
    line += *row.code;
    line += ']';
  }
}

std::vector<std::string> message_lines(const ErrorTable& table, const FormatOptions& options,
                                       const SourceLines& source) {
  std::vector<std::string> messages;
  messages.reserve(table.rows().size());
  for (const ErrorRow& row : table.rows()) {
    append_message(messages.emplace_back(), table, row, options);
    // A line beyond the end of the file has no snippet.
    if (!source || !row.is_error || row.line <= 0) continue;
    const auto index = static_cast<std::size_t>(row.line) - 1;
    if (index >= source->size()) continue;
    auto [snippet, marker] =
        source_snippet((*source)[index], {row.line, row.column, row.end_line, row.end_column});
    messages.push_back(std::move(snippet));
    messages.push_back(std::move(marker));
  }
  return messages;
}

bool has_errors(const ErrorTable& table) {
  for (const ErrorRow& row : table.rows()) {
    if (row.is_error) return true;
  }
  return false;
}

// Collects the messages of all files and counts them as mypy does: by their text.
class Printer {
 public:
  Printer(const FormatOptions& options, const Terminal& terminal) : options_(options), terminal_(terminal) {
    if (options.color_output && terminal.sequences) {
      style_.emplace(*terminal.sequences, options.hide_error_codes);
    }
  }

  void print(std::vector<std::string> messages) {
    if (options_.pretty) fit_in_terminal(messages, terminal_.width);
    for (const std::string& message : messages) print_line(message);
  }

  // Messages that stand alone, each in its line as it is.
  void print(const ErrorTable& table) {
    for (const ErrorRow& row : table.rows()) {
      line_.clear();
      append_message(line_, table, row, options_);
      print_line(line_);
    }
  }

  FormattedOutput finish(std::size_t sources) {
    output_.files_with_errors = files_.size();
    const bool only_notes = output_.notes == messages_;
    output_.exit_code = output_.notes < messages_ ? 1 : 0;
    if (options_.error_summary) {
      if (output_.errors > 0) {
        print_failure(sources);
      } else if (only_notes) {
        print_success(sources);
      }
    }
    return std::move(output_);
  }

 private:
  void print_line(const std::string& message) {
    count(message);
    if (style_) {
      style_->append_message(output_.text, message);
    } else {
      output_.text += message;
    }
    output_.text += '\n';
  }

  void count(std::string_view message) {
    ++messages_;
    if (message.find(": note:") != std::string_view::npos) ++output_.notes;
    if (message.find(": error:") == std::string_view::npos) return;
    ++output_.errors;
    const std::string_view file = message.substr(0, message.find(':'));
    if (file == last_file_) return;
    last_file_ = *files_.emplace(file).first;
  }

  static std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
  }

  void print_failure(std::size_t sources) {
    const std::string summary = "Found " + counted(output_.errors, "error") + " in " +
                                counted(output_.files_with_errors, "file") + " (checked " +
                                counted(sources, "source file") + ")";
    style_ ? style_->append_failure(output_.text, summary) : void(output_.text += summary);
    output_.text += '\n';
  }

  // Machine-readable output has no such line, but mypy prints its line end.
  void print_success(std::size_t sources) {
    if (!options_.output || options_.output->empty()) {
      const std::string summary = "Success: no issues found in " + counted(sources, "source file");
      style_ ? style_->append_success(output_.text, summary) : void(output_.text += summary);
    }
    output_.text += '\n';
  }

  const FormatOptions& options_;
  const Terminal& terminal_;
  std::optional<TerminalStyle> style_;
  FormattedOutput output_;
  std::size_t messages_ = 0;
  std::string line_;  // its memory is used again
  std::unordered_set<std::string> files_;
  std::string_view last_file_ = "\n";  // in files_ once there is one
};

}  // namespace

FormattedOutput format_diagnostics(std::span<const FileDiagnostics> files, const FormatOptions& options,
                                   const Terminal& terminal, std::size_t sources,
                                   const SourceReader& read_source,
                                   std::span<const std::string> closing_messages) {
  const ShownPath paths(options.cwd, options.show_absolute_path);
  const bool json = options.output == "json";
  Printer printer(options, terminal);
  for (const FileDiagnostics& file : files) {
    const ErrorTable table({file.path, file.diagnostics, file.import_context, options.show_error_context},
                           paths);
    if (json) {
      printer.print(json_messages(table));
    } else if (options.pretty) {
      SourceLines source;
      if (read_source && has_errors(table)) source = read_source(file.path);
      printer.print(message_lines(table, options, source));
    } else {
      printer.print(table);
    }
  }
  printer.print({closing_messages.begin(), closing_messages.end()});
  return printer.finish(sources);
}

}  // namespace runner

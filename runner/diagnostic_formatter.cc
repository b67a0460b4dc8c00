#include "runner/diagnostic_formatter.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "runner/error_table.h"
#include "runner/json_message.h"
#include "runner/source_snippet.h"
#include "runner/terminal_fit.h"

namespace runner {
namespace {

// More than a summary has with its colours.
constexpr std::size_t kSummaryLength = 256;

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

// Collects messages and counts them as mypy does: by their text.
class Printer {
 public:
  Printer(FormattedFile& out, const TerminalStyle* style) : out_(out), style_(style) {}

  void print(const std::string& message) {
    count(message);
    if (style_ != nullptr) {
      style_->append_message(out_.text, message);
    } else {
      out_.text += message;
    }
    out_.text += '\n';
  }

 private:
  void count(std::string_view message) {
    ++out_.messages;
    if (message.find(": note:") != std::string_view::npos) ++out_.notes;
    if (message.find(": error:") == std::string_view::npos) return;
    ++out_.errors;
    const std::string_view file = message.substr(0, message.find(':'));
    std::vector<std::string>& files = out_.files_with_errors;
    if (!files.empty() && files.back() == file) return;
    if (std::find(files.begin(), files.end(), file) == files.end()) files.emplace_back(file);
  }

  FormattedFile& out_;
  const TerminalStyle* style_;
};

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

DiagnosticFormatter::DiagnosticFormatter(FormatOptions options, Terminal terminal, SourceReader read_source)
    : options_(std::move(options)),
      terminal_(std::move(terminal)),
      read_source_(std::move(read_source)),
      paths_(options_.cwd, options_.show_absolute_path),
      json_(options_.output == "json") {
  if (options_.color_output && terminal_.sequences) {
    style_.emplace(*terminal_.sequences, options_.hide_error_codes);
  }
}

FormattedFile DiagnosticFormatter::format(const FileDiagnostics& file) const {
  const ErrorTable table({file.path, file.diagnostics, file.import_context, options_.show_error_context},
                         paths_);
  if (json_) return lines(json_messages(table));
  if (options_.pretty) {
    SourceLines source;
    if (read_source_ && has_errors(table)) source = read_source_(std::string(file.path));
    return lines(message_lines(table, options_, source));
  }
  FormattedFile formatted;
  Printer printer(formatted, style_ ? &*style_ : nullptr);
  std::string line;  // its memory is used again
  for (const ErrorRow& row : table.rows()) {
    line.clear();
    append_message(line, table, row, options_);
    printer.print(line);
  }
  return formatted;
}

FormattedFile DiagnosticFormatter::lines(std::vector<std::string> messages) const {
  if (options_.pretty) fit_in_terminal(messages, terminal_.width);
  FormattedFile formatted;
  Printer printer(formatted, style_ ? &*style_ : nullptr);
  for (const std::string& message : messages) printer.print(message);
  return formatted;
}

FormattedOutput DiagnosticFormatter::join(std::span<const FormattedFile* const> files,
                                          const AnswerEnd& end) const {
  const FormattedFile closing = lines({end.closing_messages.begin(), end.closing_messages.end()});
  FormattedOutput output;
  std::size_t count = 0;
  std::size_t size = 0;
  for (const FormattedFile* file : files) size += file->text.size();
  output.text.reserve(size + closing.text.size() + kSummaryLength);
  std::unordered_set<std::string_view> names;
  const auto add = [&](const FormattedFile& file) {
    output.text += file.text;
    count += file.messages;
    output.errors += file.errors;
    output.notes += file.notes;
    names.insert(file.files_with_errors.begin(), file.files_with_errors.end());
  };
  for (const FormattedFile* file : files) add(*file);
  add(closing);
  output.files_with_errors = names.size();
  output.exit_code = output.notes < count ? 1 : 0;
  if (options_.error_summary && end.summary) append_summary(output, count, end.sources);
  return output;
}

void DiagnosticFormatter::append_summary(FormattedOutput& output, std::size_t messages,
                                         std::size_t sources) const {
  std::string& text = output.text;
  if (output.errors > 0) {
    const std::string summary = "Found " + counted(output.errors, "error") + " in " +
                                counted(output.files_with_errors, "file") + " (checked " +
                                counted(sources, "source file") + ")";
    style_ ? style_->append_failure(text, summary) : void(text += summary);
    text += '\n';
  } else if (output.notes == messages) {
    // Machine-readable output has no such line, but mypy prints its line end.
    if (!options_.output || options_.output->empty()) {
      const std::string summary = "Success: no issues found in " + counted(sources, "source file");
      style_ ? style_->append_success(text, summary) : void(text += summary);
    }
    text += '\n';
  }
}

FormattedOutput format_diagnostics(std::span<const FileDiagnostics> files, const FormatOptions& options,
                                   const Terminal& terminal, const SourceReader& read_source,
                                   const AnswerEnd& end) {
  const DiagnosticFormatter formatter(options, terminal, read_source);
  std::vector<FormattedFile> formatted;
  std::vector<const FormattedFile*> all;
  formatted.reserve(files.size());
  for (const FileDiagnostics& file : files) all.push_back(&formatted.emplace_back(formatter.format(file)));
  return formatter.join(all, end);
}

}  // namespace runner

#include "runner/answer.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/disk_file_system.h"
#include "graph/posix_path.h"
#include "runner/merge.h"
#include "runner/source_snippet.h"
#include "runner/terminal_detect.h"

namespace runner {
namespace {

// mypy decides by its own variables; ours come on top of them.
Terminal terminal_for(ColorChoice color) {
  TerminalQuery query;
  if (color == ColorChoice::kAlways) {
    query.environment = [](const char* name) -> std::optional<std::string> {
      if (std::string_view(name) == "MYPY_FORCE_COLOR") return "1";
      const char* value = std::getenv(name);
      // Where nothing says what the terminal can do, what nearly all can.
      if (value == nullptr && std::string_view(name) == "TERM") return "xterm-256color";
      return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
  }
  return detect_terminal(query);
}

bool wants_color(ColorChoice color, bool mypy_option) {
  if (color == ColorChoice::kAlways) return true;
  if (color == ColorChoice::kNever) return false;
  // https://no-color.org: present and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  return mypy_option && (no_color == nullptr || *no_color == '\0');
}

}  // namespace

graph::Digest digest_of_appearance(const FormatOptions& options, ColorChoice color) {
  const Terminal terminal = terminal_for(color);
  graph::DigestBuilder builder;
  builder.field("color", wants_color(color, options.color_output) ? 1U : 0U);
  builder.field("width", static_cast<std::uint64_t>(terminal.width));
  builder.field("width is valid", terminal.width_is_valid ? 1U : 0U);
  if (const auto& sequences = terminal.sequences) {
    for (const std::string* text :
         {&sequences->normal, &sequences->bold, &sequences->underline, &sequences->dim, &sequences->red,
          &sequences->green, &sequences->blue, &sequences->yellow}) {
      builder.field("sequence", *text);
    }
  }
  return builder.finish();
}

std::vector<std::string> unused_sections_note(const RunSetup& setup) {
  const std::vector<std::string> unused = setup.options->unused_sections();
  if (!setup.probe.warn_unused_configs || unused.empty()) return {};
  std::string text = setup.probe.config_file + ": note: unused section(s): ";
  if (setup.probe.config_file.ends_with(".toml")) {
    text += "module = ['";
    for (std::size_t i = 0; i < unused.size(); ++i) text += (i == 0 ? "" : "', '") + unused[i];
    return {text + "']"};
  }
  bool first = true;
  for (const graph::OptionsSection& section : setup.options->sections()) {
    if (std::find(unused.begin(), unused.end(), section.pattern) == unused.end()) continue;
    text += (first ? "[mypy-" : ", [mypy-") + section.pattern + "]";
    first = false;
  }
  return {text};
}

AnswerParts answer_parts(const PlannedRun& run, std::vector<ModuleDiagnostics> modules) {
  const RunSetup& setup = run.setup();
  return {std::move(modules), unused_sections_note(setup), setup.sources.size(),
          std::vector<bool>(setup.graph.modules.size(), true)};
}

std::vector<std::string> covered_files(const PlannedRun& run, const AnswerParts& parts) {
  const RunSetup& setup = run.setup();
  std::vector<std::string> files;
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph[{i}];
    if (!parts.covered[i] || module.ignore_all || module.is_directory || module.path.empty()) continue;
    files.push_back(graph::posix_path::absolute(module.path, setup.probe.build.cwd));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::vector<std::string>> read_source_lines(const std::string& path) {
  graph::DiskFileSystem disk;
  const auto text = disk.read(path);
  if (!text) return std::nullopt;
  return decoded_source_lines(*text);
}

namespace {

FileDiagnostics view_of(const ModuleDiagnostics& module) {
  return {module.path, module.diagnostics, module.import_context};
}

AnswerEnd end_of(const PlannedRun& run, const AnswerParts& parts) {
  // "No issues found" must not be said of what could not be looked at.
  using enum scheduler::ComponentState;
  const bool complete = run.state().count(kFailed) + run.state().count(kSkipped) == 0;
  return {parts.closing, parts.sources, complete};
}

FormatOptions options_for(const PlannedRun& run, bool color) {
  FormatOptions options = run.setup().probe.format;
  options.color_output = color;
  return options;
}

}  // namespace

AnswerText::AnswerText(const PlannedRun& run, ColorChoice color)
    : run_(run),
      formatter_(options_for(run, wants_color(color, run.setup().probe.format.color_output)),
                 terminal_for(color), read_source_lines),
      ahead_(run.setup().graph.modules.size()) {}

void AnswerText::format_ahead(const std::vector<const ModuleDiagnostics*>& settled) {
  // Sources are read when the answer is known to hold.
  if (formatter_.shows_sources()) return;
  for (const ModuleDiagnostics* module : settled) {
    ahead_[module->module.value] = std::make_unique<const FormattedFile>(formatter_.format(view_of(*module)));
  }
}

FormattedOutput AnswerText::finish(const AnswerParts& parts) const {
  std::deque<FormattedFile> rest;
  std::vector<const FormattedFile*> files;
  files.reserve(parts.modules.size());
  for (const ModuleDiagnostics& module : parts.modules) {
    const FormattedFile* known = ahead_[module.module.value].get();
    files.push_back(known != nullptr ? known : &rest.emplace_back(formatter_.format(view_of(module))));
  }
  return formatter_.join(files, end_of(run_, parts));
}

FormattedOutput format_answer(const PlannedRun& run, const AnswerParts& parts, ColorChoice color) {
  return AnswerText(run, color).finish(parts);
}

std::string plain_answer(const PlannedRun& run, const AnswerParts& parts) {
  constexpr int kNoTerminal = -1;
  const Terminal terminal =
      detect_terminal({.stdout_fd = kNoTerminal, .stderr_fd = kNoTerminal, .environment = {}});
  std::vector<FileDiagnostics> files;
  files.reserve(parts.modules.size());
  for (const ModuleDiagnostics& module : parts.modules) files.push_back(view_of(module));
  return run.setup().probe.stdout_text +
         format_diagnostics(files, options_for(run, false), terminal, read_source_lines, end_of(run, parts))
             .text;
}

std::vector<Finding> collect_findings(const PlannedRun& run, const AnswerParts& parts) {
  const FormatOptions& format = run.setup().probe.format;
  const ShownPath paths(format.cwd, format.show_absolute_path);
  std::vector<Finding> findings;
  for (const ModuleDiagnostics& module : parts.modules) {
    const ErrorTable table(
        {module.path, module.diagnostics, module.import_context, format.show_error_context}, paths);
    for (Finding& finding : findings_in(table)) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace runner

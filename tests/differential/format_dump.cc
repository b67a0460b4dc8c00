// Formats diagnostics given as JSON, one case a line, for the differential test against mypy.
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runner/diagnostic_codec.h"
#include "runner/diagnostic_formatter.h"
#include "runner/source_snippet.h"
#include "runner/terminal_detect.h"

namespace {

using Json = nlohmann::json;

struct Case {
  std::vector<std::string> paths;
  std::vector<std::vector<scheduler::Diagnostic>> diagnostics;
  std::vector<std::vector<std::pair<std::string, int>>> import_contexts;
  std::vector<runner::FileDiagnostics> files;
  std::map<std::string, std::vector<std::string>> sources;
};

// The diagnostics also pass through the store's bytes, so that nothing they carry can get lost there.
std::vector<scheduler::Diagnostic> through_store(std::vector<scheduler::Diagnostic> diagnostics) {
  scheduler::Outcome outcome;
  outcome.modules.push_back({{}, std::move(diagnostics)});
  const auto decoded = runner::decode_outcome(runner::encode_outcome(outcome));
  INVARIANT(decoded.ok() && *decoded == outcome, "an outcome survives the store");
  return outcome.modules.front().diagnostics;
}

Case parse_files(const Json& input) {
  Case result;
  for (const Json& file : input) {
    auto parsed = runner::parse_diagnostics(file.at("errors"));
    INVARIANT(parsed.ok(), "the test sends well-formed errors");
    result.diagnostics.push_back(through_store(std::move(*parsed)));
    const std::string& path = result.paths.emplace_back(file.at("path"));
    auto& context = result.import_contexts.emplace_back();
    for (const Json& step : file.at("import_context")) context.emplace_back(step[0], step[1]);
    if (file.contains("source")) result.sources[path] = file.at("source");
  }
  for (std::size_t i = 0; i < input.size(); ++i) {
    result.files.push_back({result.paths[i], result.diagnostics[i], result.import_contexts[i]});
  }
  return result;
}

runner::FormatOptions parse_options(const Json& input) {
  const auto flag = [&](const char* name) { return input.value(name, false); };
  runner::FormatOptions options;
  options.show_column_numbers = flag("show_column_numbers");
  options.show_error_end = flag("show_error_end");
  options.show_error_context = flag("show_error_context");
  options.show_absolute_path = flag("show_absolute_path");
  options.hide_error_codes = flag("hide_error_codes");
  options.pretty = flag("pretty");
  options.error_summary = input.value("error_summary", true);
  options.color_output = input.value("color_output", true);
  if (input.contains("output")) options.output = input.at("output");
  options.cwd = input.at("cwd");
  return options;
}

runner::Terminal parse_terminal(const Json& environment) {
  runner::TerminalQuery query;
  query.environment = [&](const char* name) -> std::optional<std::string> {
    if (!environment.contains(name)) return std::nullopt;
    return environment.at(name).get<std::string>();
  };
  return runner::detect_terminal(query);
}

// Hexadecimal, as the text need not be UTF-8.
Json run(const Json& input) {
  const Case files = parse_files(input.at("files"));
  const auto read = [&](const std::string& path) -> std::optional<std::vector<std::string>> {
    const auto source = files.sources.find(path);
    if (source == files.sources.end()) return std::nullopt;
    return source->second;
  };
  const std::vector<std::string> closing = input.value("closing", std::vector<std::string>{});
  const runner::FormattedOutput output = runner::format_diagnostics(
      files.files, parse_options(input.at("options")), parse_terminal(input.at("environment")), read,
      {closing, input.at("sources")});
  return {{"text", graph::to_hex(output.text)}, {"exit_code", output.exit_code}, {"errors", output.errors}};
}

// The lines of a source file given in hexadecimal, each in hexadecimal, or null.
Json split(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  const auto lines = runner::decoded_source_lines(bytes);
  if (!lines) return nullptr;
  Json result = Json::array();
  for (const std::string& line : *lines) result.push_back(graph::to_hex(line));
  return result;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const Json input = Json::parse(line);
    const Json output = input.contains("split") ? split(input.at("split")) : run(input);
    std::cout << output.dump() << std::endl;
  }
}

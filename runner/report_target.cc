#include "runner/report_target.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "runner/shown_path.h"

namespace runner {
namespace {

constexpr std::array<std::pair<std::string_view, ReportFormat>, 7> kFormats = {{
    {"text", ReportFormat::kText},
    {"json", ReportFormat::kJson},
    {"sarif", ReportFormat::kSarif},
    {"junit", ReportFormat::kJunit},
    {"github", ReportFormat::kGithub},
    {"gitlab", ReportFormat::kGitlab},
    {"checkstyle", ReportFormat::kCheckstyle},
}};
constexpr const char* kHint =
    "--report FORMAT:FILE with one of text, json, sarif, junit, github, gitlab, checkstyle";

std::optional<ReportFormat> format_named(std::string_view name) {
  const auto found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& entry) { return entry.first == name; });
  return found == kFormats.end() ? std::nullopt : std::optional(found->second);
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  });
}

graph::Error refusal(std::string_view text, const std::string& why) {
  return {"--report " + std::string(text) + ": " + why, kHint};
}

graph::Result<ReportFormat> format_by_ending(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, ReportFormat>, 5> kEndings = {{
      {".sarif", ReportFormat::kSarif},
      {".sarif.json", ReportFormat::kSarif},
      {".txt", ReportFormat::kText},
      {".jsonl", ReportFormat::kJson},
      {".ndjson", ReportFormat::kJson},
  }};
  for (const auto& [ending, format] : kEndings) {
    if (text.ends_with(ending)) return format;
  }
  if (text == "-") return refusal(text, "which format is standard output to have?");
  if (text.ends_with(".json")) return refusal(text, "a .json file may be json, sarif or gitlab: say which");
  if (text.ends_with(".xml")) return refusal(text, "an .xml file may be junit or checkstyle: say which");
  return refusal(text, "the format does not follow from the name: say which");
}

}  // namespace

graph::Result<ReportTarget> parse_report_target(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view prefix = colon == std::string_view::npos ? "" : text.substr(0, colon);
  if (const auto format = format_named(prefix)) {
    const std::string file(text.substr(colon + 1));
    if (file.empty()) return refusal(text, "a file is missing");
    return ReportTarget{*format, file};
  }
  // A mistyped format must not become the name of a file.
  if (is_word(prefix)) return refusal(text, "unknown format " + std::string(prefix));
  const auto format = format_by_ending(text);
  if (!format) return format.error();
  return ReportTarget{*format, std::string(text)};
}

graph::Result<std::vector<ReportTarget>> parse_report_targets(const std::vector<std::string>& texts) {
  std::vector<ReportTarget> targets;
  for (const std::string& text : texts) {
    auto target = parse_report_target(text);
    if (!target) return target.error();
    const std::string place = normalized_path(target->file);
    const bool taken = std::any_of(targets.begin(), targets.end(), [&](const ReportTarget& other) {
      return normalized_path(other.file) == place;
    });
    if (taken) return refusal(text, "another report goes there already");
    targets.push_back(std::move(*target));
  }
  return targets;
}

}  // namespace runner

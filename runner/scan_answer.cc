#include "runner/scan_answer.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace runner {
namespace {

using nlohmann::json;

// As for the scanner.
constexpr std::size_t kLongestModule = 8192;

// Whether these fields of an object are all there, as whole numbers that fit.
bool is_whole(const json& entry, const char* name, std::uint64_t largest) {
  const auto it = entry.find(name);
  return it != entry.end() && it->is_number_unsigned() && it->get<std::uint64_t>() <= largest;
}

std::optional<graph::ImportStatement> read_statement(const json& entry) {
  constexpr auto kLastKind = static_cast<std::uint64_t>(graph::ImportKind::kFromStar);
  if (!entry.is_object() || !is_whole(entry, "kind", kLastKind) ||
      !is_whole(entry, "dots", std::numeric_limits<std::uint16_t>::max()) ||
      !is_whole(entry, "line", std::numeric_limits<std::uint32_t>::max())) {
    return std::nullopt;
  }
  graph::ImportStatement statement;
  statement.kind = static_cast<graph::ImportKind>(entry.at("kind").get<std::uint8_t>());
  statement.top_level = entry.at("top_level");
  statement.mypy_only = entry.at("mypy_only");
  statement.in_dropped_body = entry.at("in_dropped_body");
  statement.dots = entry.at("dots");
  statement.line = entry.at("line");
  statement.module = entry.at("module");
  if (statement.module.size() > kLongestModule) return std::nullopt;
  statement.names = entry.at("names").get<std::vector<std::string>>();
  return statement;
}

}  // namespace

std::optional<graph::ImportScan> read_scan_answer(const json& answer) {
  try {
    graph::ImportScan scan;
    for (const json& entry : answer.at("imports")) {
      auto statement = read_statement(entry);
      if (!statement) return std::nullopt;
      scan.imports.push_back(std::move(*statement));
    }
    scan.template_strings = answer.at("template_strings");
    scan.template_strings_kept = answer.at("template_strings_kept");
    scan.ignores_errors = answer.at("ignores_errors");
    scan.module_getattr = answer.at("module_getattr");
    return scan;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace runner

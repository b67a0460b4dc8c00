#include "runner/store_limit.h"

#include <cctype>
#include <charconv>
#include <cstdio>

namespace runner {
namespace {

constexpr std::string_view kUnits = "kmgt";

graph::Error not_a_size(std::string_view text) {
  return {"\"" + std::string(text) + "\" is not a size", "write a number with a unit, such as 500M or 5G"};
}

// What follows the number: a unit, perhaps i, perhaps B.
graph::Result<std::uint64_t> factor_of(std::string_view unit, std::string_view text) {
  std::string rest;
  for (const char c : unit) rest += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  rest.erase(0, std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.ends_with('b')) rest.pop_back();
  const bool binary = rest.size() == 2 && rest.ends_with('i');
  if (binary) rest.pop_back();
  if (rest.empty() && !binary) return std::uint64_t{1};
  const std::size_t power = rest.size() == 1 ? kUnits.find(rest.front()) : std::string_view::npos;
  if (power == std::string_view::npos) return not_a_size(text);
  std::uint64_t factor = 1;
  for (std::size_t i = 0; i <= power; ++i) factor *= binary ? 1024U : 1000U;
  return factor;
}

}  // namespace

graph::Result<std::uint64_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc()) return not_a_size(text);
  const auto factor = factor_of(text.substr(static_cast<std::size_t>(end - text.data())), text);
  if (!factor) return factor.error();
  const double bytes = number * static_cast<double>(*factor);
  // Also refuses what is no number at all.
  if (!(bytes >= 1) || bytes > 1e18) return not_a_size(text);
  return static_cast<std::uint64_t>(bytes);
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (value /= 1000; value >= 999.95 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  char text[48];
  std::snprintf(text, sizeof(text), "%.1f %cB", value,
                unit == 0 ? 'k' : std::toupper(static_cast<unsigned char>(kUnits[unit])));
  return text;
}

}  // namespace runner

#include "runner/json_string.h"

#include <array>

#include "runner/code_points.h"

namespace runner {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append_escape(std::string& json, char32_t unit) {
  json += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) json += "0123456789abcdef"[(unit >> shift) & 15U];
}

constexpr bool is_harmless(char32_t value) {
  return value >= 0x20 && value < 0x7F && value != '"' && value != '\\' && value != '<' && value != '>' &&
         value != '&';
}

constexpr std::array<bool, 256> make_harmless() {
  std::array<bool, 256> harmless{};
  for (unsigned c = 0; c < 256; ++c) harmless[c] = is_harmless(c);
  return harmless;
}

constexpr std::array<bool, 256> kHarmless = make_harmless();

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && kHarmless[static_cast<unsigned char>(text[at])]) ++at;
    json += text.substr(begin, at - begin);
    if (at == text.size()) break;
    const CodePoint point = code_point_at(text, at);
    at += point.bytes;
    if (point.value == '"' || point.value == '\\') {
      json += '\\';
      json += static_cast<char>(point.value);
    } else if (point.value == '\n') {
      json += "\\n";
    } else if (point.value >= 0xD800 && point.value <= 0xDFFF) {
      append_escape(json, kReplacement);
    } else if (point.value >= 0x10000) {
      append_escape(json, 0xD800 + ((point.value - 0x10000) >> 10));
      append_escape(json, 0xDC00 + ((point.value - 0x10000) & 0x3FFU));
    } else {
      append_escape(json, point.value);
    }
  }
  json += '"';
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

}  // namespace runner

// What Python's str says of UTF-8 text, as far as mypy's search for modules depends on it.
#include "graph/python_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace graph::python_text {
namespace {

// str.isspace beyond single bytes, as UTF-8.
constexpr std::array<std::string_view, 19> kWideSpaces{
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

}  // namespace

std::string_view stripped(std::string_view text) {
  while (!text.empty()) {
    if (is_space(text.front())) {
      text.remove_prefix(1);
    } else if (is_space(text.back())) {
      text.remove_suffix(1);
    } else {
      const auto wide = std::find_if(kWideSpaces.begin(), kWideSpaces.end(), [&](std::string_view space) {
        return text.starts_with(space) || text.ends_with(space);
      });
      if (wide == kWideSpaces.end()) break;
      text.starts_with(*wide) ? text.remove_prefix(wide->size()) : text.remove_suffix(wide->size());
    }
  }
  return text;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_ascii_identifier(std::string_view text) {
  const auto starts = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && starts(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return starts(c) || (c >= '0' && c <= '9'); });
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    std::size_t length = 1;
    if (lead >= 0x80) length = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<std::uint8_t>(text[i + k]);
      // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
      std::uint8_t low = 0x80, high = 0xBF;
      if (k == 1 && lead == 0xE0) low = 0xA0;
      if (k == 1 && lead == 0xED) high = 0x9F;
      if (k == 1 && lead == 0xF0) low = 0x90;
      if (k == 1 && lead == 0xF4) high = 0x8F;
      if (byte < low || byte > high) return false;
    }
    i += length;
  }
  return true;
}

}  // namespace graph::python_text

// Text measured the way Python measures it: in code points, over UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/result.h"

namespace runner {

// One code point and the number of bytes it takes. Bytes that are no UTF-8 count one each, with the value
// that Python's "surrogateescape" gives them (U+DC80 to U+DCFF); encoded lone surrogates are accepted.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};

// For bytes outside ASCII; use code_point_at().
CodePoint long_code_point_at(std::string_view text, std::size_t at);

// The code point that starts at byte `at`, which must be inside `text`.
inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  INVARIANT(at < text.size(), "a code point is looked up inside its text");
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead < 0x80 ? CodePoint{lead, 1} : long_code_point_at(text, at);
}

// Appends a code point so that code_point_at() gives it back: U+DC80 to U+DCFF are single bytes.
void append_code_point(std::string& text, char32_t value);

// Python's len().
std::int64_t code_point_count(std::string_view text);

// Python's text[:end]; a negative `end` counts from the end of the text.
std::string_view head(std::string_view text, std::int64_t end);

// Python's text[begin:end] for 0 <= begin.
std::string_view slice(std::string_view text, std::int64_t begin, std::int64_t end);

// Python's str.isspace() of one character.
bool is_space(char32_t value);

// Python's str.lstrip().
std::string_view left_stripped(std::string_view text);

// Python's str.expandtabs(8).
std::string with_expanded_tabs(std::string_view text);

}  // namespace runner

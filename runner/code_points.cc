#include "runner/code_points.h"

#include <algorithm>

namespace runner {
namespace {

bool is_ascii(std::string_view text) {
  unsigned char all = 0;  // without an early end the loop is vectorised
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

// The byte offset of the code point with index `count`, at most the size of the text.
std::size_t byte_offset(std::string_view text, std::int64_t count) {
  if (is_ascii(text)) return std::min(static_cast<std::size_t>(count), text.size());
  std::size_t at = 0;
  while (count > 0 && at < text.size()) {
    at += code_point_at(text, at).bytes;
    --count;
  }
  return at;
}

}  // namespace

CodePoint long_code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const CodePoint invalid{0xDC00U + lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return invalid;
  char32_t value = lead & (0x7FU >> length);
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return invalid;
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  static constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF) return invalid;
  return {value, length};
}

void append_code_point(std::string& text, char32_t value) {
  const auto add = [&text](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  const auto add_tail = [&add](char32_t bits) { add(0x80U | (bits & 0x3FU)); };
  if (value < 0x80) {
    add(value);
  } else if (value >= 0xDC80 && value <= 0xDCFF) {
    add(value - 0xDC00U);
  } else if (value < 0x800) {
    add(0xC0U | (value >> 6));
    add_tail(value);
  } else if (value < 0x10000) {
    add(0xE0U | (value >> 12));
    add_tail(value >> 6);
    add_tail(value);
  } else {
    add(0xF0U | (value >> 18));
    add_tail(value >> 12);
    add_tail(value >> 6);
    add_tail(value);
  }
}

std::int64_t code_point_count(std::string_view text) {
  if (is_ascii(text)) return static_cast<std::int64_t>(text.size());
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).bytes) ++count;
  return count;
}

std::string_view head(std::string_view text, std::int64_t end) {
  if (end < 0) end = std::max<std::int64_t>(0, end + code_point_count(text));
  return text.substr(0, byte_offset(text, end));
}

std::string_view slice(std::string_view text, std::int64_t begin, std::int64_t end) {
  const std::string_view front = head(text, end);
  return front.substr(byte_offset(front, begin));
}

bool is_space(char32_t value) {
  if (value < 0x80) return (value >= 0x09 && value <= 0x0D) || (value >= 0x1C && value <= 0x20);
  switch (value) {
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return true;
    default:
      return value >= 0x2000 && value <= 0x200A;
  }
}

std::string_view left_stripped(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    if (!is_space(point.value)) break;
    at += point.bytes;
  }
  return text.substr(at);
}

std::string with_expanded_tabs(std::string_view text) {
  static constexpr std::size_t kTabSize = 8;
  if (text.find('\t') == std::string_view::npos) return std::string(text);
  std::string expanded;
  expanded.reserve(text.size());
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.value == '\t') {
      const std::size_t spaces = kTabSize - column % kTabSize;
      expanded.append(spaces, ' ');
      column += spaces;
    } else {
      expanded.append(text, at, point.bytes);
      column = point.value == '\n' || point.value == '\r' ? 0 : column + 1;
    }
    at += point.bytes;
  }
  return expanded;
}

}  // namespace runner

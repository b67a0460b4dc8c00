#include "graph/string_literal.h"

#include <cstddef>
#include <cstdint>

namespace graph {
namespace {

void append_utf8(std::uint32_t point, std::string& out) {
  const auto continuation = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
    continuation(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12U));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xF0U | ((point >> 18U) & 0x07U));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// Reads up to `most` digits at `at` and moves behind them.
std::uint32_t read_digits(std::string_view text, std::size_t& at, std::size_t most, int radix) {
  std::uint32_t point = 0;
  for (; most > 0 && at < text.size() && digit_value(text[at]) < radix; --most, ++at) {
    point = point * static_cast<std::uint32_t>(radix) + static_cast<std::uint32_t>(digit_value(text[at]));
  }
  return point;
}

// `at` is behind the backslash; moves behind the escape.
void append_escape(std::string_view body, std::size_t& at, std::string& out) {
  constexpr std::string_view kLetters = "abfnrtv\\'\"";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\'\"";
  constexpr std::uint32_t kReplacement = 0xFFFD;
  const char c = body[at];
  if (const std::size_t letter = kLetters.find(c); letter != std::string_view::npos) {
    out += kMeanings[letter];
    ++at;
  } else if (c >= '0' && c <= '7') {
    append_utf8(read_digits(body, at, 3, 8), out);
  } else if (c == 'x' || c == 'u' || c == 'U') {
    ++at;
    append_utf8(read_digits(body, at, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16), out);
  } else if (c == 'N') {
    const std::size_t stop = body.find('}', at);
    at = stop == std::string_view::npos ? body.size() : stop + 1;
    append_utf8(kReplacement, out);
  } else if (c == '\n') {
    ++at;
  } else {
    out += '\\';
  }
}

}  // namespace

std::string string_literal_value(std::string_view literal) {
  bool raw = false;
  while (!literal.empty() && literal.front() != '"' && literal.front() != '\'') {
    raw = raw || literal.front() == 'r' || literal.front() == 'R';
    literal.remove_prefix(1);
  }
  const bool triple = literal.size() >= 6 && literal[1] == literal[0] && literal[2] == literal[0];
  const std::size_t quotes = triple ? 3 : 1;
  if (literal.size() < 2 * quotes) return {};
  const std::string_view body = literal.substr(quotes, literal.size() - 2 * quotes);
  if (raw) return std::string(body);
  std::string value;
  for (std::size_t at = 0; at < body.size();) {
    const char c = body[at++];
    if (c == '\\' && at < body.size()) {
      append_escape(body, at, value);
    } else {
      value += c;
    }
  }
  return value;
}

}  // namespace graph

// How the lexer reads strings, strings with fields, and numbers.
#include <cstring>
#include <string_view>

#include "graph/lexer.h"

namespace graph {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_octal_digit(char c) {
  return c >= '0' && c <= '7';
}
bool is_binary_digit(char c) {
  return c == '0' || c == '1';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

Token Lexer::plain_string(std::size_t begin, bool bytes, char quote) {
  const TokenKind kind = bytes ? TokenKind::kBytes : TokenKind::kString;
  if (peek(1) != quote || peek(2) != quote) {
    ++at_;
    return single_line_string(begin, kind, quote);
  }
  at_ += 3;
  for (std::size_t from = at_;;) {
    const void* found = std::memchr(text_.data() + at_, quote, text_.size() - at_);
    if (found == nullptr) return fail("a string is not closed");
    const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
    std::size_t escape = stop;
    while (escape > from && text_[escape - 1] == '\\') --escape;
    at_ = stop + 1;
    if ((stop - escape) % 2 == 0 && peek() == quote && peek(1) == quote) {
      at_ += 2;
      return token(kind, begin);
    }
    from = at_;
  }
}

Token Lexer::single_line_string(std::size_t begin, TokenKind kind, char quote) {
  for (std::size_t at = at_; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == quote) {
      at_ = at + 1;
      return token(kind, begin);
    }
    if (c == '\n') break;
    if (c == '\\') ++at;
  }
  return fail("a string is not closed");
}

Token Lexer::open_format(std::size_t begin, TokenKind kind, bool raw, char quote) {
  if (depth_ >= kMaxDepth) return fail("brackets are nested too deeply");
  const bool triple = peek(1) == quote && peek(2) == quote;
  at_ += triple ? 3 : 1;
  frames_[depth_++] = {kind, quote, triple, raw};
  return token(kind, begin);
}

// Passes the literal text in a string with fields. Returns true with the closing quote or a failure in `out`;
// false in front of the brace that opens or closes a field.
bool Lexer::skip_literal(const Frame& frame, bool in_spec, Token& out) {
  bool in_character_name = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == frame.quote && (!frame.triple || (peek(1) == c && peek(2) == c))) {
      if (in_spec) break;
      const std::size_t begin = at_;
      at_ += frame.triple ? 3 : 1;
      --depth_;
      out = token(TokenKind::kFormatEnd, begin);
      return true;
    }
    if (c == '\n' && !frame.triple) break;
    if (c == '\\') {
      const char escaped = peek(1);
      if (escaped == '{' || escaped == '}') continue;
      ++at_;
      if (!frame.raw && escaped == 'N' && peek(1) == '{') {
        in_character_name = true;
        ++at_;
      }
    } else if (c == '{') {
      if (in_spec || peek(1) != '{') return false;
      ++at_;
    } else if (c == '}') {
      if (in_character_name) {
        in_character_name = false;
      } else if (!in_spec && peek(1) == '}') {
        ++at_;
      } else if (in_spec) {
        return false;
      } else {
        break;
      }
    }
  }
  out = fail("a string with fields is not closed");
  return true;
}

// Digits with single underscores between them, also one in front of them if the caller read something before.
bool Lexer::skip_digits(bool (*belongs)(char)) {
  const std::size_t begin = at_;
  while (belongs(peek()) || (peek() == '_' && belongs(peek(1)))) ++at_;
  return at_ != begin;
}

Token Lexer::number() {
  const std::size_t begin = at_;
  const char radix = text_[at_] == '0' ? peek(1) : '\0';
  if (radix == 'x' || radix == 'X' || radix == 'o' || radix == 'O' || radix == 'b' || radix == 'B') {
    at_ += 2;
    const bool hex = radix == 'x' || radix == 'X';
    const bool any = skip_digits(hex                            ? is_hex_digit
                                 : radix == 'o' || radix == 'O' ? is_octal_digit
                                                                : is_binary_digit);
    return any ? token(TokenKind::kInt, begin) : fail("a number without digits");
  }
  bool integer = true;
  skip_digits(is_digit);
  const std::string_view digits = text_.substr(begin, at_ - begin);
  if (peek() == '.') {
    ++at_;
    if (peek() == '_') return fail("a number that is none");
    skip_digits(is_digit);
    integer = false;
  }
  const char sign = peek(1);
  if ((peek() == 'e' || peek() == 'E') &&
      (is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(2))))) {
    at_ += 2;
    skip_digits(is_digit);
    integer = false;
  }
  if (peek() == 'j' || peek() == 'J') {
    ++at_;
    integer = false;
  }
  if (integer && digits[0] == '0' && digits.find_first_not_of("0_") != std::string_view::npos) {
    return fail("a decimal number with leading zeros");
  }
  return token(integer ? TokenKind::kInt : TokenKind::kNumber, begin);
}

}  // namespace graph

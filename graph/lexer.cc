#include "graph/lexer.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "graph/identifier.h"
#include "graph/keyword.h"

namespace graph {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// mypy reads comments that start with `type:` or `mypy:`; Python one that names the source's coding. What
// looks like either, however remotely, is not plain.
bool is_plain(std::string_view comment) {
  constexpr std::string_view kTelling[] = {"type", "mypy", "coding"};
  return std::none_of(std::begin(kTelling), std::end(kTelling),
                      [&](std::string_view word) { return comment.find(word) != std::string_view::npos; });
}

struct StringPrefix {
  bool bytes = false;
  bool raw = false;
  TokenKind format = TokenKind::kString;  // kFormatStart or kTemplateStart: has fields
  bool valid = false;
};

StringPrefix string_prefix(std::string_view letters) {
  StringPrefix prefix;
  bool unicode = false;
  for (const char c : letters) {
    switch (c) {
      case 'r':
      case 'R':
        if (prefix.raw) return {};
        prefix.raw = true;
        break;
      case 'b':
      case 'B':
        prefix.bytes = true;
        break;
      case 'u':
      case 'U':
        unicode = true;
        break;
      case 'f':
      case 'F':
        prefix.format = TokenKind::kFormatStart;
        break;
      case 't':
      case 'T':
        prefix.format = TokenKind::kTemplateStart;
        break;
      default:
        return {};
    }
  }
  const bool kind = prefix.bytes || unicode || prefix.format != TokenKind::kString;
  prefix.valid = letters.size() == 1 || (letters.size() == 2 && prefix.raw && kind && !unicode);
  return prefix;
}

}  // namespace

Lexer::Lexer(const ScannableText& source) : source_(source), text_(source.text()), bytes_(text_.data()) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

Token Lexer::token(TokenKind kind, std::size_t begin) const {
  return {.kind = kind, .begin = static_cast<std::uint32_t>(begin), .end = static_cast<std::uint32_t>(at_)};
}

Token Lexer::fail(const char* doubt) {
  if (doubt_ == nullptr) doubt_ = doubt;
  at_ = text_.size();
  return token(TokenKind::kEnd, at_);
}

bool Lexer::in_literal() const {
  if (depth_ == 0) return false;
  const TokenKind kind = frames_[depth_ - 1].kind;
  return kind == TokenKind::kFormatStart || kind == TokenKind::kTemplateStart || kind == TokenKind::kSpec;
}

Token Lexer::next() {
  if (doubt_ != nullptr) return token(TokenKind::kEnd, at_);
  if (pending_dedents_ > 0) {
    --pending_dedents_;
    return token(TokenKind::kDedent, at_);
  }
  if (in_literal()) {
    Token out;
    const bool in_spec = frames_[depth_ - 1].kind == TokenKind::kSpec;
    // The string a specification belongs to lies below it and its field.
    const Frame& frame = frames_[in_spec ? depth_ - 3 : depth_ - 1];
    if (skip_literal(frame, in_spec, out)) return out;
  }
  for (;;) {
    if (line_start_) {
      line_begin_ = static_cast<std::uint32_t>(at_);
      Token out;
      if (read_indentation(out)) return out;
    } else if (!skip_blanks()) {
      return fail("a backslash that does not continue a line");
    }
    if (at_end()) return end_of_text();
    const char c = text_[at_];
    if (c == '#') {
      take_comment();
      continue;
    }
    if (c == '\n') {
      if (depth_ == 0 && !logical_start_) return newline();
      ++at_;
      line_start_ = depth_ == 0;
      if (line_start_) end_empty_line();
      continue;
    }
    if (logical_start_) {
      empty_before_gap_ = empty_lines_.size();
      gap_tells_ = false;
    }
    logical_start_ = false;
    any_token_ = true;
    if (is_name_start(c)) return name_or_string();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    return punctuation(c);
  }
}

// Blanks and continued lines between tokens.
bool Lexer::skip_blanks() {
  for (;;) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\f') {
      ++at_;
    } else if (c != '\\') {
      return true;
    } else if (!skip_continuation()) {
      return false;
    }
  }
}

bool Lexer::skip_continuation() {
  if (peek(1) != '\n') return false;
  at_ += 2;
  return !at_end();
}

// Returns true if `out` is to be handed out.
bool Lexer::read_indentation(Token& out) {
  constexpr std::uint32_t kTab = 2;  // any size larger than one tells tabs and spaces apart
  Indentation indentation;
  for (;;) {
    const char c = peek();
    if (c == ' ') {
      ++indentation.columns;
    } else if (c == '\t') {
      indentation.columns += kTab - indentation.columns % kTab;
    } else if (c == '\f') {
      indentation = {};
      ++at_;
      continue;
    } else if (c == '\\') {
      if (!skip_continuation()) {
        out = fail("a backslash that does not continue a line");
        return true;
      }
      line_begin_.reset();
      // What stood before the backslash is the indentation, unless it was nothing.
      while (indentation.characters != 0 && (peek() == ' ' || peek() == '\t' || peek() == '\f')) ++at_;
      continue;
    } else {
      break;
    }
    ++indentation.characters;
    ++at_;
  }
  line_start_ = false;
  if (at_end() || text_[at_] == '\n' || text_[at_] == '#') return false;
  if (indentation == indentations_.back()) return false;
  out = change_indentation(indentation);
  return true;
}

Token Lexer::change_indentation(Indentation indentation) {
  const Indentation current = indentations_.back();
  if (indentation.columns > current.columns && indentation.characters > current.characters) {
    indentations_.push_back(indentation);
    return token(TokenKind::kIndent, at_);
  }
  while (indentation.columns < indentations_.back().columns &&
         indentation.characters < indentations_.back().characters) {
    indentations_.pop_back();
    ++pending_dedents_;
  }
  if (indentation != indentations_.back() || pending_dedents_ == 0) return fail("inconsistent indentation");
  --pending_dedents_;
  return token(TokenKind::kDedent, at_);
}

void Lexer::take_comment() {
  const void* found = std::memchr(text_.data() + at_, '\n', text_.size() - at_);
  const std::size_t end = found == nullptr
                              ? text_.size()
                              : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  const bool first_column = at_ == 0 || text_[at_ - 1] == '\n' || (at_ == 3 && text_[0] == '\xEF');
  if (!any_token_ || (first_column && text_.substr(at_, end - at_).starts_with("# mypy:"))) {
    comments_.push_back(
        {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end), first_column, !any_token_});
  }
  if (is_plain(text_.substr(at_, end - at_))) {
    plain_comments_.emplace_back(static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end));
  } else if (logical_start_) {
    gap_tells_ = true;
    empty_lines_.resize(empty_before_gap_);
  }
  at_ = end;
}

// Behind the newline of a line without a token.
void Lexer::end_empty_line() {
  if (gap_tells_ || !line_begin_) return;
  empty_lines_.emplace_back(*line_begin_, static_cast<std::uint32_t>(at_));
}

Token Lexer::end_of_text() {
  if (depth_ != 0) return fail("a bracket or a string is not closed");
  if (!logical_start_) {
    logical_start_ = true;
    return token(TokenKind::kNewline, at_);
  }
  if (indentations_.size() > 1) {
    indentations_.pop_back();
    return token(TokenKind::kDedent, at_);
  }
  return token(TokenKind::kEnd, at_);
}

Token Lexer::newline() {
  const std::size_t begin = at_++;
  line_start_ = true;
  logical_start_ = true;
  return token(TokenKind::kNewline, begin);
}

Token Lexer::name_or_string() {
  const std::size_t begin = at_;
  at_ = source_.name_end(begin);
  const std::string_view name = text_.substr(begin, at_ - begin);
  const char quote = peek();
  if ((quote == '"' || quote == '\'') && name.size() <= 2) {
    const StringPrefix prefix = string_prefix(name);
    if (prefix.valid && prefix.format == TokenKind::kString) return plain_string(begin, prefix.bytes, quote);
    if (prefix.valid) return open_format(begin, prefix.format, prefix.raw, quote);
  }
  if (!is_ascii(name) && !is_plausible_name(name)) return fail("a character that cannot be in a name");
  Token out = token(TokenKind::kName, begin);
  out.keyword = kKeywords.find(name);
  if (out.keyword != Keyword::kNone) out.kind = TokenKind::kKeyword;
  return out;
}

Token Lexer::push(TokenKind kind) {
  if (depth_ >= kMaxDepth) return fail("brackets are nested too deeply");
  frames_[depth_++] = {kind};
  return single(kind, 1);
}

Token Lexer::pop(TokenKind opening, TokenKind closing) {
  if (depth_ == 0 || frames_[depth_ - 1].kind != opening) return fail("brackets do not match");
  --depth_;
  return single(closing, 1);
}

Token Lexer::close_brace() {
  if (depth_ != 0 && frames_[depth_ - 1].kind == TokenKind::kSpec) --depth_;
  if (depth_ != 0 && frames_[depth_ - 1].kind == TokenKind::kFieldStart) {
    return pop(TokenKind::kFieldStart, TokenKind::kFieldEnd);
  }
  return pop(TokenKind::kLeftBrace, TokenKind::kRightBrace);
}

Token Lexer::colon() {
  if (depth_ != 0 && frames_[depth_ - 1].kind == TokenKind::kFieldStart) return push(TokenKind::kSpec);
  return with_equals(1, TokenKind::kColon, TokenKind::kWalrus);
}

Token Lexer::single(TokenKind kind, std::size_t size) {
  const std::size_t begin = at_;
  at_ += size;
  return token(kind, begin);
}

// An operator of `size` bytes, or one more with a = behind them.
Token Lexer::with_equals(std::size_t size, TokenKind plain, TokenKind equals) {
  const bool longer = peek(size) == '=';
  return single(longer ? equals : plain, size + (longer ? 1 : 0));
}

Token Lexer::punctuation(char c) {
  switch (c) {
    case '(':
      return push(TokenKind::kLeftParen);
    case '[':
      return push(TokenKind::kLeftBracket);
    case '{':
      return push(in_literal() ? TokenKind::kFieldStart : TokenKind::kLeftBrace);
    case ')':
      return pop(TokenKind::kLeftParen, TokenKind::kRightParen);
    case ']':
      return pop(TokenKind::kLeftBracket, TokenKind::kRightBracket);
    case '}':
      return close_brace();
    case '"':
    case '\'':
      return plain_string(at_, false, c);
    case ':':
      return colon();
    case ',':
      return single(TokenKind::kComma, 1);
    case ';':
      return single(TokenKind::kSemicolon, 1);
    case '.':
      return peek(1) == '.' && peek(2) == '.' ? single(TokenKind::kEllipsis, 3) : single(TokenKind::kDot, 1);
    default:
      return operation(c);
  }
}

Token Lexer::operation(char c) {
  const bool twice = peek(1) == c;
  const auto augmentable = [&](TokenKind plain) {
    return with_equals(twice ? 2 : 1, plain, TokenKind::kAugmentedAssign);
  };
  switch (c) {
    case '=':
      return with_equals(1, TokenKind::kAssign, TokenKind::kEqual);
    case '*':
      return augmentable(twice ? TokenKind::kOperator : TokenKind::kStar);
    case '/':
      return augmentable(TokenKind::kOperator);
    case '<':
      return twice ? augmentable(TokenKind::kOperator)
                   : with_equals(1, TokenKind::kLess, TokenKind::kLessEqual);
    case '>':
      return twice ? augmentable(TokenKind::kOperator)
                   : with_equals(1, TokenKind::kGreater, TokenKind::kGreaterEqual);
    case '-':
      if (peek(1) == '>') return single(TokenKind::kArrow, 2);
      return with_equals(1, TokenKind::kOperator, TokenKind::kAugmentedAssign);
    case '+':
    case '%':
    case '&':
    case '^':
      return with_equals(1, TokenKind::kOperator, TokenKind::kAugmentedAssign);
    case '|':
      return with_equals(1, TokenKind::kPipe, TokenKind::kAugmentedAssign);
    case '@':
      return with_equals(1, TokenKind::kAt, TokenKind::kAugmentedAssign);
    case '~':
      return single(TokenKind::kOperator, 1);
    case '!':
      if (peek(1) == '=' || (depth_ != 0 && frames_[depth_ - 1].kind == TokenKind::kFieldStart)) {
        return with_equals(1, TokenKind::kOperator, TokenKind::kNotEqual);
      }
      return fail("an exclamation mark outside of a string's field");
    default:
      return fail("a character that Python does not know");
  }
}

}  // namespace graph

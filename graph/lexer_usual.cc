// The tokens that nearly all of any source consists of, read without a look at what is rare.
#include "graph/identifier.h"
#include "graph/keyword.h"
#include "graph/lexer.h"

namespace graph {
namespace {

enum class Start : std::uint8_t {
  kRare,
  kName,
  kDigit,
  kQuote,
  kNewline,
  kBracket,
  kAlone,
  kPerhapsEquals,  // with a = behind it, it is another token
  kMark,           // the same, but for some other bytes behind it
};

}  // namespace

// What the first byte of a token tells of it.
struct UsualStart {
  Start start = Start::kRare;
  TokenKind kind = TokenKind::kEnd;
  TokenKind other = TokenKind::kEnd;  // with a = behind it; of a closing bracket: the opening one
};

namespace {

constexpr std::array<UsualStart, 256> make_starts() {
  using enum TokenKind;
  std::array<UsualStart, 256> starts{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) starts[c] = starts[c - 'a' + 'A'] = {Start::kName, kName, kEnd};
  for (std::size_t c = 0x80; c < 256; ++c) starts[c] = {Start::kName, kName, kEnd};
  for (std::size_t c = '0'; c <= '9'; ++c) starts[c] = {Start::kDigit, kInt, kEnd};
  starts['_'] = {Start::kName, kName, kEnd};
  starts['"'] = starts['\''] = {Start::kQuote, kString, kEnd};
  starts['\n'] = {Start::kNewline, kNewline, kEnd};
  starts['('] = {Start::kBracket, kLeftParen, kEnd};
  starts['['] = {Start::kBracket, kLeftBracket, kEnd};
  starts['{'] = {Start::kBracket, kLeftBrace, kEnd};
  starts[')'] = {Start::kBracket, kRightParen, kLeftParen};
  starts[']'] = {Start::kBracket, kRightBracket, kLeftBracket};
  starts['}'] = {Start::kBracket, kRightBrace, kLeftBrace};
  starts[','] = {Start::kAlone, kComma, kEnd};
  starts[';'] = {Start::kAlone, kSemicolon, kEnd};
  starts['~'] = {Start::kAlone, kOperator, kEnd};
  starts['='] = {Start::kPerhapsEquals, kAssign, kEqual};
  starts['|'] = {Start::kPerhapsEquals, kPipe, kAugmentedAssign};
  starts['@'] = {Start::kPerhapsEquals, kAt, kAugmentedAssign};
  starts['+'] = starts['%'] = {Start::kPerhapsEquals, kOperator, kAugmentedAssign};
  starts['&'] = starts['^'] = {Start::kPerhapsEquals, kOperator, kAugmentedAssign};
  starts['*'] = {Start::kMark, kStar, kAugmentedAssign};
  starts['/'] = starts['-'] = {Start::kMark, kOperator, kAugmentedAssign};
  starts['<'] = {Start::kMark, kLess, kLessEqual};
  starts['>'] = {Start::kMark, kGreater, kGreaterEqual};
  starts['.'] = {Start::kMark, kDot, kEnd};
  starts[':'] = {Start::kMark, kColon, kWalrus};
  return starts;
}

constexpr std::array<UsualStart, 256> kStarts = make_starts();

const UsualStart& start_of(char c) {
  return kStarts[static_cast<unsigned char>(c)];
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

// At the start of a line: passes empty ones and the indentation, if that is the one before. False, still at
// the start of a line, where next() has to look.
inline bool Lexer::pass_usual_line_start() {
  for (;;) {
    const std::size_t begin = at_;
    std::size_t at = begin;
    while (bytes_[at] == ' ') ++at;
    if (bytes_[at] == '\n') {
      line_begin_ = static_cast<std::uint32_t>(begin);
      at_ = at + 1;
      end_empty_line();
      continue;
    }
    const auto blanks = static_cast<std::uint32_t>(at - begin);
    if (start_of(bytes_[at]).start == Start::kRare || indentations_.back() != Indentation{blanks, blanks}) {
      return false;
    }
    line_begin_ = static_cast<std::uint32_t>(begin);
    line_start_ = false;
    at_ = at;
    return true;
  }
}

// Behind the name at at_, or at_ where it may be something else.
inline std::size_t Lexer::usual_name_end(Token& token) const {
  const std::size_t end = source_.name_end(at_);
  const std::size_t size = end - at_;
  if (size <= 2 && (bytes_[end] == '"' || bytes_[end] == '\'')) return at_;
  if (!source_.ascii() && !is_ascii(text_.substr(at_, size))) return at_;
  if (size > Keywords::kLongest) return end;
  std::uint64_t name = ScannableText::eight_bytes(bytes_ + at_);
  if (size < Keywords::kLongest) name &= (std::uint64_t{1} << (size * 8)) - 1;
  token.keyword = kKeywords.find(name);
  if (token.keyword != Keyword::kNone) token.kind = TokenKind::kKeyword;
  return end;
}

// The same for a number.
inline std::size_t Lexer::usual_number_end() const {
  std::size_t end = at_ + 1;
  while (is_digit(bytes_[end])) ++end;
  const bool plain = start_of(bytes_[end]).start != Start::kName && bytes_[end] != '.' &&
                     (bytes_[at_] != '0' || end == at_ + 1);
  return plain ? end : at_;
}

// The same for a string.
inline std::size_t Lexer::usual_string_end() const {
  const char quote = bytes_[at_];
  if (bytes_[at_ + 1] == quote) return bytes_[at_ + 2] == quote ? at_ : at_ + 2;
  const std::size_t stop = source_.string_stop(at_ + 1, quote);
  return bytes_[stop] == quote ? stop + 1 : at_;
}

// The same for an operator that more than its first byte may tell.
inline std::size_t Lexer::usual_mark_end(const UsualStart& usual, TokenKind& kind) const {
  const char first = bytes_[at_];
  const char second = bytes_[at_ + 1];
  if (first == '.') return second == '.' || is_digit(second) ? at_ : at_ + 1;
  if (first == ':' && depth_ != 0 && frames_[depth_ - 1].kind == TokenKind::kFieldStart) return at_;
  if (first == '-' && second == '>') {
    kind = TokenKind::kArrow;
    return at_ + 2;
  }
  if (first == second && first != ':' && first != '-') return at_;
  return usual_with_equals_end(kind, usual.other);
}

inline std::size_t Lexer::usual_with_equals_end(TokenKind& kind, TokenKind equals) const {
  if (bytes_[at_ + 1] != '=') return at_ + 1;
  kind = equals;
  return at_ + 2;
}

// The same for a bracket, which counts from here on.
inline std::size_t Lexer::usual_bracket_end(TokenKind kind, TokenKind opening) {
  if (opening == TokenKind::kEnd) {
    if (depth_ >= kMaxDepth) return at_;
    frames_[depth_++] = {kind};
  } else {
    if (depth_ == 0 || frames_[depth_ - 1].kind != opening) return at_;
    --depth_;
  }
  return at_ + 1;
}

// Behind a token at at_ with what is known of its first byte; at_ if it is rare.
inline std::size_t Lexer::usual_end(const UsualStart& usual, Token& token) {
  switch (usual.start) {
    case Start::kRare:
      return at_;
    case Start::kName:
      return usual_name_end(token);
    case Start::kDigit:
      return usual_number_end();
    case Start::kQuote:
      return usual_string_end();
    case Start::kBracket:
      return usual_bracket_end(usual.kind, usual.other);
    case Start::kMark:
      return usual_mark_end(usual, token.kind);
    case Start::kPerhapsEquals:
      return usual_with_equals_end(token.kind, usual.other);
    case Start::kNewline:
      line_start_ = true;
      return at_ + 1;
    case Start::kAlone:
      return at_ + 1;
  }
  return at_;
}

// Reads tokens as next() would, up to one that is rare. Returns how many.
std::size_t Lexer::read_usual(Token* const tokens, const Token* const tokens_end) {
  Token* out = tokens;
  while (out != tokens_end) {
    if (line_start_ && !pass_usual_line_start()) break;
    while (bytes_[at_] == ' ') ++at_;
    const UsualStart& usual = start_of(bytes_[at_]);
    if (usual.start == Start::kNewline && (depth_ != 0 || logical_start_)) {
      if (logical_start_) break;
      ++at_;
      continue;
    }
    Token token{.kind = usual.kind};
    const std::size_t end = usual_end(usual, token);
    if (end == at_) break;
    if (logical_start_) {
      empty_before_gap_ = empty_lines_.size();
      gap_tells_ = false;
      any_token_ = true;
    }
    logical_start_ = line_start_;
    token.depth = static_cast<std::uint16_t>(depth_);
    token.begin = static_cast<std::uint32_t>(at_);
    token.end = static_cast<std::uint32_t>(end);
    *out++ = token;
    at_ = end;
  }
  return static_cast<std::size_t>(out - tokens);
}

std::size_t Lexer::read(std::span<Token> tokens) {
  std::size_t count = 0;
  while (count < tokens.size()) {
    if (pending_dedents_ == 0 && doubt_ == nullptr && !in_literal()) {
      count += read_usual(tokens.data() + count, tokens.data() + tokens.size());
      if (count == tokens.size()) break;
    }
    Token& token = tokens[count++];
    token = next();
    token.depth = static_cast<std::uint16_t>(depth_);
    if (token.is(TokenKind::kEnd)) break;
  }
  return count;
}

}  // namespace graph

// The tokens of Python source, as far as finding imports needs to tell them apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace graph {

enum class TokenKind : std::uint8_t {
  kEnd,      // end of the source, or of what could be understood of it
  kNewline,  // end of a logical line
  kIndent,
  kDedent,
  kName,  // soft keywords too
  kKeyword,
  kInt,
  kNumber,  // float or complex
  kString,
  kBytes,
  // Brackets. The first six are written in the source; strings with fields open and close like them.
  kLeftParen,
  kLeftBracket,
  kLeftBrace,
  kFormatStart,    // f"
  kTemplateStart,  // t"
  kFieldStart,     // { in such a string
  kRightParen,
  kRightBracket,
  kRightBrace,
  kFormatEnd,  // the closing quote of an f- or t-string
  kFieldEnd,
  kSpec,  // the : that starts the format specification of a field
  kComma,
  kColon,
  kSemicolon,
  kDot,
  kEllipsis,
  kAssign,
  kAugmentedAssign,
  kWalrus,
  kArrow,
  kStar,
  kPipe,
  kAt,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kOperator,  // any other
};

enum class Keyword : std::uint8_t {
  kNone,
  kFalse,
  kNoneValue,
  kTrue,
  kAnd,
  kAs,
  kAssert,
  kAsync,
  kAwait,
  kBreak,
  kClass,
  kContinue,
  kDef,
  kDel,
  kElif,
  kElse,
  kExcept,
  kFinally,
  kFor,
  kFrom,
  kGlobal,
  kIf,
  kImport,
  kIn,
  kIs,
  kLambda,
  kNonlocal,
  kNot,
  kOr,
  kPass,
  kRaise,
  kReturn,
  kTry,
  kWhile,
  kWith,
  kYield,
};

// Offsets are bytes of the text the lexer was given.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;
  std::uint16_t depth = 0;  // of open brackets behind it; a string with fields, and each field, is one
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::string_view text(std::string_view source) const { return source.substr(begin, end - begin); }
  bool is(TokenKind wanted) const { return kind == wanted; }
  bool is(Keyword wanted) const { return keyword == wanted; }
  bool opens() const { return kind >= TokenKind::kLeftParen && kind <= TokenKind::kFieldStart; }
  // Whether it tells something wherever it stands.
  bool is_telling() const {
    return keyword == Keyword::kLambda || keyword == Keyword::kYield || kind == TokenKind::kTemplateStart;
  }
  bool closes() const { return kind >= TokenKind::kRightParen && kind <= TokenKind::kFieldEnd; }
};

}  // namespace graph

// Cuts Python source into tokens, with indentation, strings with fields (PEP 701) and comments, in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/scannable_text.h"
#include "graph/token.h"

namespace graph {

struct UsualStart;

struct Comment {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // before the newline
  bool first_column = false;
  bool before_tokens = false;  // before the first token of the source
};

// The text has to be below 4 GiB and hold no \r. On what valid Python does not contain, kEnd is returned from
// then on and doubt() says why. Accepts all syntax of all versions up to 3.15.
class Lexer {
 public:
  // `source` has to outlive the lexer, unchanged.
  explicit Lexer(const ScannableText& source);

  // Fills in the next tokens, and gives their number: all, unless the last one is a kEnd.
  std::size_t read(std::span<Token> tokens);

  const char* doubt() const { return doubt_; }  // nullptr: none

  // Comments that may mean something to mypy: those before the first token, and those in column 0 that start
  // with `# mypy:`.
  const std::vector<Comment>& comments() const { return comments_; }
  // Comments that mean nothing to mypy wherever they stand, as offsets, begin and end.
  const std::vector<std::pair<std::uint32_t, std::uint32_t>>& plain_comments() const {
    return plain_comments_;
  }
  // Lines between statements that hold nothing, or only such a comment, as offsets, with their newlines.
  // Lines around a comment that may mean something are not among them.
  const std::vector<std::pair<std::uint32_t, std::uint32_t>>& empty_lines() const { return empty_lines_; }
  bool any_token() const { return any_token_; }

 private:
  // ruff's parser, and so mypy, gives up at 202.
  static constexpr std::size_t kMaxDepth = 512;

  // One open bracket. A string with fields is a kFormatStart (or kTemplateStart); its field a kFieldStart;
  // the format specification in a field, where text is literal again, a kSpec.
  struct Frame {
    TokenKind kind = TokenKind::kEnd;
    char quote = 0;
    bool triple = false;
    bool raw = false;
  };

  // CPython and ruff compare both: characters, and columns with tabs.
  struct Indentation {
    std::uint32_t columns = 0;
    std::uint32_t characters = 0;
    bool operator==(const Indentation&) const = default;
  };

  // At most a few bytes ahead. Behind the text there are zeros.
  char peek(std::size_t ahead = 0) const { return bytes_[at_ + ahead]; }
  bool at_end() const { return at_ >= text_.size(); }
  bool in_literal() const;

  Token next();
  std::size_t read_usual(Token* tokens, const Token* tokens_end);
  bool pass_usual_line_start();
  std::size_t usual_end(const UsualStart& usual, Token& token);
  std::size_t usual_name_end(Token& token) const;
  std::size_t usual_number_end() const;
  std::size_t usual_string_end() const;
  std::size_t usual_mark_end(const UsualStart& usual, TokenKind& kind) const;
  std::size_t usual_with_equals_end(TokenKind& kind, TokenKind equals) const;
  std::size_t usual_bracket_end(TokenKind kind, TokenKind opening);
  Token token(TokenKind kind, std::size_t begin) const;
  Token fail(const char* doubt);
  bool skip_blanks();
  bool skip_continuation();
  bool read_indentation(Token& out);
  Token change_indentation(Indentation indentation);
  void take_comment();
  void end_empty_line();
  Token end_of_text();
  Token newline();
  Token name_or_string();
  Token plain_string(std::size_t begin, bool bytes, char quote);
  Token single_line_string(std::size_t begin, TokenKind kind, char quote);
  Token open_format(std::size_t begin, TokenKind kind, bool raw, char quote);
  bool skip_literal(const Frame& frame, bool in_spec, Token& out);
  Token number();
  bool skip_digits(bool (*belongs)(char));
  Token push(TokenKind kind);
  Token pop(TokenKind opening, TokenKind closing);
  Token close_brace();
  Token colon();
  Token single(TokenKind kind, std::size_t size);
  Token with_equals(std::size_t size, TokenKind plain, TokenKind equals);
  Token punctuation(char c);
  Token operation(char c);

  const ScannableText& source_;
  const std::string_view text_;
  const char* const bytes_;  // of the text
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool line_start_ = true;     // indentation is to be read next
  bool logical_start_ = true;  // no token of the logical line seen yet
  bool any_token_ = false;
  std::uint32_t pending_dedents_ = 0;
  std::vector<Indentation> indentations_{Indentation{}};
  std::array<Frame, kMaxDepth> frames_;
  std::vector<Comment> comments_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> plain_comments_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> empty_lines_;
  std::optional<std::uint32_t> line_begin_;  // unless a backslash joins the line to the one before
  std::size_t empty_before_gap_ = 0;         // how many empty lines there were at the last token
  bool gap_tells_ = false;                   // since the last token there was a comment that is not plain
  const char* doubt_ = nullptr;
};

}  // namespace graph

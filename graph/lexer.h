// Cuts Python source into tokens, with indentation, strings with fields (PEP 701) and comments, in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/token.h"

namespace graph {

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
  explicit Lexer(std::string_view text);

  Token next();

  std::string_view text() const { return text_; }
  // Open brackets, fields and strings with fields around the place behind the last token.
  std::size_t depth() const { return depth_; }
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

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  bool in_literal() const;

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

  std::string_view text_;
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

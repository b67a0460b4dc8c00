// The text of a source file as Python's lexer wants it: UTF-8 with \n as the only newline.
#pragma once

#include <string>
#include <string_view>

namespace graph {

// Decodes like mypy 2.4: valid UTF-8 is taken as it is, whatever a coding cookie says; else the cookie
// decides.
class SourceText {
 public:
  explicit SourceText(std::string_view bytes);
  SourceText(const SourceText&) = delete;
  SourceText& operator=(const SourceText&) = delete;

  std::string_view text() const { return text_; }
  bool ascii() const { return ascii_; }
  // Empty, or why the bytes could not be understood; then there is no text.
  const std::string& doubt() const { return doubt_; }

 private:
  void decode(std::string_view bytes);

  std::string storage_;  // the text, if it differs from the bytes
  std::string_view text_;
  bool ascii_ = true;
  std::string doubt_;
};

}  // namespace graph

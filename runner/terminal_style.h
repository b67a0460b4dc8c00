// Colours and type of messages on a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runner {

// The control sequences of a terminal that can show colours.
struct TerminalSequences {
  std::string normal;
  std::string bold;
  std::string underline;
  std::string dim;
  std::string red;
  std::string green;
  std::string blue;
  std::string yellow;
};

// What mypy asks of the terminal and the environment; see terminal_detect.h.
struct Terminal {
  std::optional<TerminalSequences> sequences;  // nothing: messages stay plain
  int width = 80;                              // columns; only used under --pretty
  // False when MYPY_FORCE_TERMINAL_WIDTH is no integer, where mypy itself fails under --pretty.
  bool width_is_valid = true;
};

// True for the line with carets and tildes under a source snippet.
bool is_marker_line(std::string_view line);

// Adds control sequences to what is printed.
class TerminalStyle {
 public:
  // `hide_error_codes`: brackets at the end of an error are then no error code. `sequences` must outlive it.
  TerminalStyle(const TerminalSequences& sequences, bool hide_error_codes);

  // Appends one message, recognising by its text what it is: a source snippet, an error, a note or neither.
  void append_message(std::string& out, std::string_view message) const;
  void append_success(std::string& out, std::string_view summary) const;
  void append_failure(std::string& out, std::string_view summary) const;

 private:
  void append_quoted_groups(std::string& out, std::string_view text) const;
  std::string with_underlined_link(std::string_view text) const;

  const TerminalSequences& sequences_;
  bool hide_error_codes_;
};

}  // namespace runner

#include "runner/terminal_fit.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runner/code_points.h"
#include "runner/source_snippet.h"
#include "runner/terminal_style.h"

namespace runner {
namespace {

// Snippets always show so much on each side of the location.
constexpr std::int64_t kMinimumContext = 20;
constexpr auto kIndent = static_cast<std::int64_t>(kSnippetIndent.size());
constexpr std::string_view kEllipsis = "...";

// Breaks `text` (from byte `begin` on) at spaces outside of double quotes, so that a line has at most `width`
// code points where words allow it; before the first line there are `first_offset` more.
void wrap(std::string& text, std::size_t begin, std::int64_t width, std::int64_t first_offset) {
  bool quoted = false;
  std::int64_t line = -1;  // length of the line before the word, -1 when no word has ended yet
  std::int64_t word = 0;   // length of the current word
  std::size_t space = 0;   // where the word's preceding space is
  std::int64_t limit = width - first_offset;
  const auto end_word = [&] {
    if (line < 0) {
      line = word;
    } else if (line + word + 1 <= limit) {
      line += word + 1;
    } else {
      text[space] = '\n';
      line = word;
      limit = width;
    }
    word = 0;
  };
  for (std::size_t at = begin; at < text.size();) {
    if (text[at] == ' ' && !quoted) {
      end_word();
      space = at++;
      continue;
    }
    if (text[at] == '"') quoted = !quoted;
    at += code_point_at(text, at).bytes;
    ++word;
  }
  end_word();
}

struct TrimmedLine {
  std::string text;
  std::int64_t offset = 0;  // how far the text moved to the left
};

// Cuts a source line to about `room` code points around `column`, with an ellipsis where something went.
TrimmedLine trimmed(std::string_view line, std::int64_t room, std::int64_t column) {
  room = std::max(room, 2 * kMinimumContext + 1);
  const std::int64_t length = code_point_count(line);
  if (length <= room) return {std::string(line), 0};
  const std::string dots(kEllipsis);
  const auto dots_length = static_cast<std::int64_t>(kEllipsis.size());
  if (column + kMinimumContext < room) return {std::string(head(line, room)) + dots, 0};
  if (column < length - kMinimumContext - 1) {
    const std::int64_t end = column + kMinimumContext + 1;
    const std::int64_t begin = end - room;
    return {dots + std::string(slice(line, begin, end)) + dots, begin - dots_length};
  }
  return {dots + std::string(slice(line, length - room, length)), length - room - dots_length};
}

void fit_snippet(std::string& snippet, std::string& marker_line, std::int64_t width) {
  const std::size_t caret = marker_line.find('^');
  if (caret == std::string::npos) return;
  const std::size_t last = marker_line.rfind('~');
  const std::string marker = last == std::string::npos ? "^" : marker_line.substr(caret, last + 1 - caret);
  // The marker line has only spaces before the caret, so bytes are code points here.
  const std::int64_t column = static_cast<std::int64_t>(caret) - kIndent;
  const std::int64_t room = width - kIndent - 2 * static_cast<std::int64_t>(kEllipsis.size());
  const TrimmedLine line = trimmed(std::string_view(snippet).substr(kSnippetIndent.size()), room, column);
  const std::int64_t spaces = std::max<std::int64_t>(kIndent + column - line.offset, 0);
  snippet = std::string(kSnippetIndent) + line.text;
  marker_line = std::string(static_cast<std::size_t>(spaces), ' ') + marker;
  const std::int64_t length = code_point_count(snippet);
  if (static_cast<std::int64_t>(marker_line.size()) > length && marker.size() > kEllipsis.size()) {
    marker_line.resize(static_cast<std::size_t>(length) - kEllipsis.size());
    marker_line += kEllipsis;
  }
}

}  // namespace

void fit_in_terminal(std::vector<std::string>& messages, int width) {
  static constexpr std::string_view kError = "error:";
  for (std::size_t i = 0; i < messages.size(); ++i) {
    std::string& message = messages[i];
    if (message.starts_with(kSnippetIndent)) {
      if (is_marker_line(message) || i + 1 == messages.size()) continue;
      fit_snippet(message, messages[i + 1], width);
      ++i;
    } else if (message.find(": error:") != std::string::npos) {
      const std::size_t at = message.find(kError);
      const std::int64_t location = code_point_count(std::string_view(message).substr(0, at));
      wrap(message, at + kError.size(), width, location + static_cast<std::int64_t>(kError.size()) + 1);
    }
  }
}

}  // namespace runner

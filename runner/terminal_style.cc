#include "runner/terminal_style.h"

#include <algorithm>
#include <cstddef>

#include "runner/code_points.h"
#include "runner/source_snippet.h"

namespace runner {
namespace {

template <typename... Parts>
void append(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

// The end of a link that starts at `begin`: the next white space.
std::size_t link_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at < text.size()) {
    const CodePoint point = code_point_at(text, at);
    if (is_space(point.value)) break;
    at += point.bytes;
  }
  return at;
}

}  // namespace

bool is_marker_line(std::string_view line) {
  if (!line.starts_with(kSnippetIndent)) return false;
  const std::string_view marker = left_stripped(line);
  return marker.starts_with('^') && marker.find_first_not_of("^~") == std::string_view::npos;
}

TerminalStyle::TerminalStyle(const TerminalSequences& sequences, bool hide_error_codes)
    : sequences_(sequences), hide_error_codes_(hide_error_codes) {}

void TerminalStyle::append_message(std::string& out, std::string_view message) const {
  const TerminalSequences& with = sequences_;
  static constexpr std::string_view kError = "error:";
  static constexpr std::string_view kNote = "note:";
  if (message.starts_with(kSnippetIndent)) {
    append(out, is_marker_line(message) ? with.red : with.dim, message, with.normal);
  } else if (message.find(": error:") != std::string_view::npos) {
    const std::size_t at = message.find(kError);
    append(out, message.substr(0, at), with.bold, with.red, kError, with.normal);
    const std::string_view rest = message.substr(at + kError.size());
    if (hide_error_codes_) {
      append_quoted_groups(out, rest);
      return;
    }
    const std::size_t code = std::min(rest.rfind('['), rest.size());
    append_quoted_groups(out, rest.substr(0, code));
    append(out, with.yellow, rest.substr(code), with.normal);
  } else if (message.find(": note:") != std::string_view::npos) {
    const std::size_t at = message.find(kNote);
    append(out, message.substr(0, at), with.blue, kNote, with.normal);
    append_quoted_groups(out, with_underlined_link(message.substr(at + kNote.size())));
  } else {
    out.append(message);
  }
}

void TerminalStyle::append_success(std::string& out, std::string_view summary) const {
  append(out, sequences_.bold, sequences_.green, summary, sequences_.normal);
}

void TerminalStyle::append_failure(std::string& out, std::string_view summary) const {
  append(out, sequences_.bold, sequences_.red, summary, sequences_.normal);
}

void TerminalStyle::append_quoted_groups(std::string& out, std::string_view text) const {
  if (std::count(text.begin(), text.end(), '"') % 2 != 0) {  // no pairs, so nothing is known to be a group
    out.append(text);
    return;
  }
  bool quoted = false;
  for (std::size_t begin = 0; begin <= text.size(); quoted = !quoted) {
    const std::size_t end = std::min(text.find('"', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    if (quoted) {
      append(out, sequences_.bold, "\"", part, "\"", sequences_.normal);
    } else {
      append(out, part, sequences_.normal);
    }
    begin = end + 1;
  }
}

std::string TerminalStyle::with_underlined_link(std::string_view text) const {
  std::string out;
  std::size_t begin = text.find("http");
  while (begin != std::string_view::npos) {
    const std::string_view tail = text.substr(begin + 4);
    if (tail.starts_with("://") || tail.starts_with("s://")) break;
    begin = text.find("http", begin + 1);
  }
  if (begin == std::string_view::npos) return std::string(text);
  const std::size_t end = link_end(text, begin);
  append(out, text.substr(0, begin), sequences_.underline, text.substr(begin, end - begin), sequences_.normal,
         text.substr(end));
  return out;
}

}  // namespace runner

#include "runner/source_snippet.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "runner/code_points.h"

namespace runner {
namespace {

constexpr std::string_view kBlanks = " \t\v";

bool is_codec_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

// The codec that a comment line names by PEP 263, or nothing.
std::optional<std::string> codec_in_line(std::string_view line) {
  const std::size_t start = line.find_first_not_of(kBlanks);
  if (start == std::string_view::npos || line[start] != '#') return std::nullopt;
  static constexpr std::string_view kWord = "coding";
  // The last one that is followed by a name counts.
  for (std::size_t at = line.rfind(kWord); at != std::string_view::npos && at > start;
       at = line.rfind(kWord, at - 1)) {
    std::string_view rest = line.substr(at + kWord.size());
    if (rest.empty() || (rest.front() != ':' && rest.front() != '=')) continue;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t", 1), rest.size()));
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_codec_character);
    if (end != rest.begin()) return std::string(rest.begin(), end);
  }
  return std::nullopt;
}

// The codec of a file without byte order mark.
std::string codec_of(std::string_view bytes) {
  const std::size_t first_end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view first = bytes.substr(0, first_end);
  std::optional<std::string> codec = codec_in_line(first);
  const std::size_t start = first.find_first_not_of(kBlanks);
  if (!codec && first_end < bytes.size() && start != std::string_view::npos && first[start] == '#') {
    const std::string_view rest = bytes.substr(first_end + 1);
    codec = codec_in_line(rest.substr(0, rest.find('\n')));
  }
  if (!codec) return "utf-8";
  if (codec->starts_with("iso-latin-1-") || codec->starts_with("latin-1-") || *codec == "iso-latin-1") {
    return "latin-1";
  }
  return *codec;
}

// Python's own names for codecs, where iconv has others.
std::string iconv_name(const std::string& codec) {
  std::string plain;
  for (const char c : codec) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    plain += low == '_' ? '-' : low;
  }
  if (plain == "utf8" || plain == "u8" || plain == "utf" || plain == "utf-8-sig") return "utf-8";
  if (plain == "latin-1" || plain == "latin" || plain == "8859") return "latin1";
  if (plain == "646") return "ascii";
  return plain;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.value >= 0xD800 && point.value <= 0xDFFF) return false;
    at += point.bytes;
  }
  return true;
}

std::optional<std::string> converted(std::string_view bytes, const std::string& codec) {
  const iconv_t converter = iconv_open("UTF-8", codec.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string source(bytes);
  std::string text;
  char* in = source.data();
  std::size_t left = source.size();
  bool done = true;
  while (left > 0) {
    char buffer[4096];
    char* out = buffer;
    std::size_t room = sizeof(buffer);
    const std::size_t result = iconv(converter, &in, &left, &out, &room);
    const int reason = errno;
    text.append(buffer, static_cast<std::size_t>(out - buffer));
    if (result == static_cast<std::size_t>(-1) && (reason != E2BIG || out == buffer)) {
      done = false;
      break;
    }
  }
  iconv_close(converter);
  if (!done) return std::nullopt;
  return text;
}

// The line boundaries of Python's str.splitlines().
bool ends_line(char32_t value) {
  return (value >= 0x0A && value <= 0x0D) || (value >= 0x1C && value <= 0x1E) || value == 0x85 ||
         value == 0x2028 || value == 0x2029;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const std::size_t end = at;
    at += point.bytes;
    if (!ends_line(point.value)) continue;
    lines.emplace_back(text.substr(begin, end - begin));
    if (point.value == '\r' && at < text.size() && text[at] == '\n') ++at;
    begin = at;
  }
  if (begin < text.size()) lines.emplace_back(text.substr(begin));
  return lines;
}

}  // namespace

std::pair<std::string, std::string> source_snippet(std::string_view source_line, const SnippetSpan& span) {
  const std::string expanded = with_expanded_tabs(source_line);
  const std::string_view code = left_stripped(source_line);
  const std::int64_t indent = code_point_count(source_line.substr(0, source_line.size() - code.size()));
  // A column before the first character of the code is a mistake: point at that character.
  const std::int64_t shown_column = std::max<std::int64_t>(span.column, indent);
  const std::int64_t column = code_point_count(with_expanded_tabs(head(source_line, shown_column)));
  const std::int64_t end_column = code_point_count(with_expanded_tabs(head(source_line, span.end_column)));
  std::int64_t tildes = 0;
  if (span.end_line != span.line) {
    tildes = code_point_count(expanded) - column - 1;  // the rest of the first line
  } else if (end_column > column) {
    tildes = end_column - column - 1;
  }
  std::string marker(kSnippetIndent);
  marker.append(static_cast<std::size_t>(column), ' ');
  marker += '^';
  marker.append(static_cast<std::size_t>(std::max<std::int64_t>(tildes, 0)), '~');
  return {std::string(kSnippetIndent) + expanded, marker};
}

std::optional<std::vector<std::string>> decoded_source_lines(std::string_view bytes) {
  static constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string codec = "utf-8";
  if (bytes.starts_with(kByteOrderMark)) {
    bytes.remove_prefix(kByteOrderMark.size());
  } else {
    codec = iconv_name(codec_of(bytes));
  }
  if (codec == "utf-8") {
    if (!is_utf8(bytes)) return std::nullopt;
    return split_lines(bytes);
  }
  const std::optional<std::string> text = converted(bytes, codec);
  if (!text) return std::nullopt;
  return split_lines(*text);
}

}  // namespace runner

// The source line and the marker that --pretty shows under an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

// What a snippet starts with; mypy also recognises snippets by it.
inline constexpr std::string_view kSnippetIndent = "    ";

// Where a snippet points: columns are 0-based code points, as mypy reports them.
struct SnippetSpan {
  std::int32_t line = -1;
  std::int32_t column = -1;
  std::int32_t end_line = -1;
  std::int32_t end_column = -1;
};

// The indented source line, tabs expanded, and the line with the marker.
std::pair<std::string, std::string> source_snippet(std::string_view source_line, const SnippetSpan& span);

// The lines of a Python file given as bytes, decoded to UTF-8 by its byte order mark or coding comment and
// split as Python's str.splitlines() does. Nothing if it cannot be decoded.
std::optional<std::vector<std::string>> decoded_source_lines(std::string_view bytes);

}  // namespace runner

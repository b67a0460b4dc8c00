// Where the lines of a file went when it changed.
#include "runner/line_shift.h"

#include "graph/digest.h"
#include "runner/line_diff.h"

namespace runner {

std::vector<std::string> source_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return lines;
}

std::string digest_of_line(const std::vector<std::string>& lines, int line) {
  constexpr std::size_t kDigits = 12;
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return {};
  std::string_view text = lines[static_cast<std::size_t>(line) - 1];
  const std::size_t first = text.find_first_not_of(" \t\f");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\f") + 1 - first);
  return graph::sha256(text).hex().substr(0, kDigits);
}

LineShift::LineShift(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  int region = LinePlace::kSame;
  bool inside = false;
  for (const LineEdit& edit : diff_lines(before, after)) {
    const int old_line = static_cast<int>(old_.size()) + 1;
    const int new_line = static_cast<int>(new_.size()) + 1;
    if (edit.mark == ' ') {
      inside = false;
      old_.push_back({new_line, LinePlace::kSame});
      new_.push_back({new_line, LinePlace::kSame});
      continue;
    }
    if (!inside) ++region;
    inside = true;
    if (edit.mark == '-') old_.push_back({old_line, region});
    if (edit.mark == '+') new_.push_back({new_line, region});
  }
}

LinePlace LineShift::place(const std::vector<LinePlace>& places, int line) {
  if (line < 1 || static_cast<std::size_t>(line) > places.size()) return {line, LinePlace::kSame};
  return places[static_cast<std::size_t>(line) - 1];
}

}  // namespace runner

// The difference of two texts, line by line, as `diff -u` shows it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// A line of one text, of the other, or of both.
struct LineEdit {
  char mark = ' ';  // '-' only in the first, '+' only in the second, ' ' in both
  std::string_view line;

  bool operator==(const LineEdit&) const = default;
};

// A shortest way from `before` to `after`, deletions first (Myers, "An O(ND) Difference Algorithm", 1986).
// Texts with more differences than kMaxDifferences are taken as different from their first to their last
// difference. The views are into the arguments.
std::vector<LineEdit> diff_lines(const std::vector<std::string>& before,
                                 const std::vector<std::string>& after);
inline constexpr int kMaxDifferences = 2000;

// A unified diff with three lines of context; empty when nothing differs.
std::string unified_diff(const std::vector<LineEdit>& edits, std::string_view before_name,
                         std::string_view after_name);

}  // namespace runner

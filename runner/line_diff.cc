#include "runner/line_diff.h"

#include <algorithm>
#include <span>

namespace runner {
namespace {

using Lines = std::span<const std::string>;

constexpr std::size_t kContext = 3;

void add(std::vector<LineEdit>& edits, char mark, Lines lines) {
  for (const std::string& line : lines) edits.push_back({mark, line});
}

// How far the paths with 0, 1, 2... differences come: `reach[d][k + d]` is how many lines of `before` the
// furthest one on diagonal k (lines of `before` less lines of `after`) has used. Ends with the path that uses
// all lines; empty if that takes too many differences.
using Reach = std::vector<std::vector<int>>;

Reach find_reach(Lines before, Lines after) {
  const int rows = static_cast<int>(before.size());
  const int columns = static_cast<int>(after.size());
  Reach reach;
  for (int d = 0; d <= kMaxDifferences; ++d) {
    std::vector<int> row(static_cast<std::size_t>(2 * d + 1), -1);
    const auto previous = [&](int k) {
      const int at = k + d - 1;
      return d == 0 || at < 0 || at > 2 * (d - 1) ? -1 : reach.back()[static_cast<std::size_t>(at)];
    };
    for (int k = -d; k <= d; k += 2) {
      // From the diagonal above by a deletion, from the one below by an insertion.
      int x = d == 0 ? 0 : std::max(previous(k - 1) + (k > -d ? 1 : 0), k < d ? previous(k + 1) : -1);
      int y = x - k;
      if (x < 0 || x > rows || y < 0 || y > columns) continue;
      while (x < rows && y < columns &&
             before[static_cast<std::size_t>(x)] == after[static_cast<std::size_t>(y)]) {
        ++x;
        ++y;
      }
      row[static_cast<std::size_t>(k + d)] = x;
      if (x == rows && y == columns) {
        reach.push_back(std::move(row));
        return reach;
      }
    }
    reach.push_back(std::move(row));
  }
  return {};
}

// Goes back along the furthest paths.
std::vector<LineEdit> trace_back(const Reach& reach, Lines before, Lines after) {
  std::vector<LineEdit> edits;
  int x = static_cast<int>(before.size());
  int y = static_cast<int>(after.size());
  const auto keep_down_to = [&](int start) {
    while (x > start) {
      --x, --y;
      edits.push_back({' ', before[static_cast<std::size_t>(x)]});
    }
  };
  for (int d = static_cast<int>(reach.size()) - 1; d > 0; --d) {
    const std::vector<int>& row = reach[static_cast<std::size_t>(d - 1)];
    const int k = x - y;
    const auto at = [&](int diagonal) {
      const int index = diagonal + d - 1;
      return index < 0 || index > 2 * (d - 1) ? -1 : row[static_cast<std::size_t>(index)];
    };
    const int deleted = at(k - 1) < 0 ? -1 : at(k - 1) + 1;
    const int inserted = at(k + 1);
    if (deleted > inserted) {
      keep_down_to(deleted);
      --x;
      edits.push_back({'-', before[static_cast<std::size_t>(x)]});
    } else {
      keep_down_to(inserted);
      --y;
      edits.push_back({'+', after[static_cast<std::size_t>(y)]});
    }
  }
  keep_down_to(0);
  std::reverse(edits.begin(), edits.end());
  return edits;
}

// "7,3" as in the heads of hunks: where lines start and how many there are.
std::string range(std::size_t start, std::size_t count) {
  if (count == 1) return std::to_string(start + 1);
  return std::to_string(count == 0 ? start : start + 1) + "," + std::to_string(count);
}

}  // namespace

std::vector<LineEdit> diff_lines(const std::vector<std::string>& before,
                                 const std::vector<std::string>& after) {
  Lines a(before), b(after);
  std::vector<LineEdit> edits;
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) ++same;
  add(edits, ' ', a.first(same));
  a = a.subspan(same);
  b = b.subspan(same);
  std::size_t tail = 0;
  while (tail < a.size() && tail < b.size() && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const Lines end = a.last(tail);
  a = a.first(a.size() - tail);
  b = b.first(b.size() - tail);
  if (const Reach reach = find_reach(a, b); !reach.empty()) {
    const std::vector<LineEdit> middle = trace_back(reach, a, b);
    edits.insert(edits.end(), middle.begin(), middle.end());
  } else {
    add(edits, '-', a);
    add(edits, '+', b);
  }
  add(edits, ' ', end);
  return edits;
}

std::string unified_diff(const std::vector<LineEdit>& edits, std::string_view before_name,
                         std::string_view after_name) {
  std::string text;
  std::size_t before = 0, after = 0;  // lines used so far
  for (std::size_t i = 0; i < edits.size();) {
    // A hunk starts where one of the next lines differs, and ends when many do not.
    const auto is_change = [](const LineEdit& edit) { return edit.mark != ' '; };
    const auto next = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(i), edits.end(), is_change);
    if (next == edits.end()) break;
    const auto change = static_cast<std::size_t>(next - edits.begin());
    const std::size_t start = change - std::min(change - i, kContext);
    before += start - i;
    after += start - i;
    std::size_t last = change;
    for (std::size_t j = change; j < edits.size() && j <= last + 2 * kContext + 1; ++j) {
      if (is_change(edits[j])) last = j;
    }
    const std::size_t stop = std::min(last + kContext + 1, edits.size());
    std::string lines;
    std::size_t deleted = 0, inserted = 0;
    for (std::size_t j = start; j < stop; ++j) {
      lines.append(1, edits[j].mark).append(edits[j].line).append(1, '\n');
      if (edits[j].mark != '+') ++deleted;
      if (edits[j].mark != '-') ++inserted;
    }
    if (text.empty()) {
      text.append("--- ").append(before_name).append("\n+++ ").append(after_name).append(1, '\n');
    }
    text += "@@ -" + range(before, deleted) + " +" + range(after, inserted) + " @@\n" + lines;
    before += deleted;
    after += inserted;
    i = stop;
  }
  return text;
}

}  // namespace runner

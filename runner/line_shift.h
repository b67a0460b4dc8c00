// Where the lines of a file went when it changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// The lines of a Python source as mypy counts them.
std::vector<std::string> source_lines(std::string_view text);
// What a line says, wherever it stands and however it is indented: a few hexadecimal digits; empty for a line
// that there is not. Lines count from 1.
std::string digest_of_line(const std::vector<std::string>& lines, int line);

// A line either stayed the same and stands somewhere, or it belongs to a numbered region that was rewritten.
struct LinePlace {
  int line = -1;
  int region = kSame;
  static constexpr int kSame = -1;
  bool operator==(const LinePlace&) const = default;
};

class LineShift {
 public:
  LineShift(const std::vector<std::string>& before, const std::vector<std::string>& after);
  // Where a line of the file before is in the file after; its own number in a rewritten region.
  LinePlace of_old(int line) const { return place(old_, line); }
  LinePlace of_new(int line) const { return place(new_, line); }

 private:
  static LinePlace place(const std::vector<LinePlace>& places, int line);
  std::vector<LinePlace> old_, new_;  // by line - 1
};

}  // namespace runner

// Where the lines of a file went when it changed.
#include "runner/line_shift.h"

#include <doctest/doctest.h>

using runner::digest_of_line;
using runner::LinePlace;
using runner::LineShift;
using runner::source_lines;

TEST_CASE("lines that stayed are where they are now") {
  const LineShift shift({"a", "b", "c"}, {"new", "a", "b", "newer", "c"});
  CHECK(shift.of_old(1) == LinePlace{2, LinePlace::kSame});
  CHECK(shift.of_old(3) == LinePlace{5, LinePlace::kSame});
  CHECK(shift.of_new(5) == LinePlace{5, LinePlace::kSame});
}

TEST_CASE("what was rewritten belongs to one region with what stands there now") {
  const LineShift shift({"a", "old", "b", "older", "c"}, {"a", "new", "newer", "b", "c"});
  CHECK(shift.of_old(2).region == shift.of_new(2).region);
  CHECK(shift.of_new(2).region == shift.of_new(3).region);
  CHECK(shift.of_old(4).region != shift.of_old(2).region);
  CHECK(shift.of_old(4).region != LinePlace::kSame);
}

TEST_CASE("a line that no file has stays what it is") {
  const LineShift shift({"a"}, {"b", "a"});
  CHECK(shift.of_old(-1) == LinePlace{-1, LinePlace::kSame});
  CHECK(shift.of_new(7) == LinePlace{7, LinePlace::kSame});
}

TEST_CASE("lines end as Python's do") {
  CHECK(source_lines("a\nb\r\nc\rd") == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(source_lines("a\n\n") == std::vector<std::string>{"a", ""});
  CHECK(source_lines("").empty());
}

TEST_CASE("a line is known by what it says, not by its indentation") {
  CHECK(digest_of_line({"x = 1"}, 1) == digest_of_line({"", "    x = 1 "}, 2));
  CHECK(digest_of_line({"x = 1"}, 1) != digest_of_line({"x = 2"}, 1));
  CHECK(digest_of_line({"x = 1", "  "}, 2).empty());
  CHECK(digest_of_line({"x = 1"}, 0).empty());
  CHECK(digest_of_line({"x = 1"}, 2).empty());
}

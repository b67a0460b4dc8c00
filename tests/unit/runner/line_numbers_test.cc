// Which interfaces may hold numbers of lines.
#include "runner/line_numbers.h"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("an interface that may hold the number of a line is told from one that does not") {
  CHECK_FALSE(runner::mentions_lines(""));
  CHECK_FALSE(runner::mentions_lines("module.line online @ property@ \x1aline user@host"));
  CHECK(runner::mentions_lines("module.Local@12"));
  CHECK(runner::mentions_lines("user@host and Local@7"));
  CHECK(runner::mentions_lines(std::string("\x1e\x18") + " column" + "\x03\x1c\x1c" + "line" + "\x03,"));
  CHECK(runner::mentions_lines("{\"A\":{\"unbound\":[[3,4,3,9]]}}"));
  CHECK(runner::mentions_lines("@1"));
}

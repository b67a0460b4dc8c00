// Which processes typewave ends with itself, from the lines of /proc.
#include "runner/child_processes.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

using Pids = std::vector<pid_t>;

TEST_CASE("a line of /proc/PID/stat") {
  const ProcessLine line = parse_process_line("4711 (python) S 42 4711 4711 0 -1 4194304");
  CHECK(line.pid == 4711);
  CHECK(line.parent == 42);
  CHECK_FALSE(line.ended);
  CHECK(parse_process_line("8 (sh) Z 7 8 8").ended);
}

TEST_CASE("a process may have any name") {
  const ProcessLine line = parse_process_line("12 (a) R 99 (b) T 7 12 12 0");
  CHECK(line.pid == 12);
  CHECK(line.parent == 7);
}

TEST_CASE("what is not such a line is nobody") {
  for (const char* text : {"", "12", "x (a) R 1", "12 (a)", "12 (a) R", "12 (a) R x"}) {
    CAPTURE(text);
    CHECK(parse_process_line(text).parent == 0);
  }
}

TEST_CASE("descendants are found whatever the order, and without those that have ended") {
  // 1 -> 10 -> 11 -> 12 (ended) -> 13; 1 -> 20
  const std::vector<ProcessLine> all = {{13, 12}, {12, 11, true}, {11, 10}, {20, 1}, {10, 1}, {1, 0}};
  CHECK(descendants_of(10, all) == Pids{13, 11});
  CHECK(descendants_of(20, all).empty());
  CHECK(descendants_of(99, all).empty());
}

}  // namespace
}  // namespace runner

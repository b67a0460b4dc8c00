// The text of the progress line.
#include "runner/progress_line.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

TEST_CASE("the line counts what is done: reused and finished") {
  CHECK(progress_text({.total = 100, .reused = 40, .finished = 5, .running = 2, .elapsed = 1.4}) ==
        "45/100 components, 2 running, 40 reused, 1 s");
}

TEST_CASE("the estimate goes by the speed of checks, not by what was reused") {
  // 50 in 10 s, 50 left.
  CHECK(progress_text({.total = 1000, .reused = 900, .finished = 50, .running = 2, .elapsed = 10}) ==
        "950/1000 components, 2 running, 900 reused, 10 s, about 10 s left");
}

TEST_CASE("too early there is no estimate, at the end none is needed") {
  const ProgressCounts at{.total = 1000, .reused = 0, .finished = 20, .running = 1, .elapsed = 2.5};
  CHECK(progress_text(at).find("left") != std::string::npos);
  ProgressCounts few = at, early = at, over = at;
  few.finished = 19;
  early.elapsed = 2;
  over.total = 20;
  for (const ProgressCounts& counts : {few, early, over}) {
    CHECK(progress_text(counts).find("left") == std::string::npos);
  }
}

TEST_CASE("the largest numbers fit") {
  const ProgressCounts most{SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4, SIZE_MAX, 1e12};
  CHECK(progress_text(most).find("left") != std::string::npos);
}

TEST_CASE("without a terminal nothing is painted and stopping is harmless") {
  ProgressLine line(false, 10, 3);
  line.on_decided({0}, true);
  line.on_finished({0});
  line.stop();
  line.stop();
}

}  // namespace
}  // namespace runner

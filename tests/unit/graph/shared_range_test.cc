// What several threads take from one range.
#include "graph/shared_range.h"

#include <doctest/doctest.h>

#include <atomic>
#include <vector>

namespace graph {
namespace {

TEST_CASE("pieces follow each other up to the count") {
  SharedRange range(5, 2);
  std::vector<std::size_t> ends;
  while (const auto piece = range.take()) {
    CHECK(piece->begin == (ends.empty() ? 0 : ends.back()));
    ends.push_back(piece->end);
  }
  CHECK(ends == std::vector<std::size_t>{2, 4, 5});
  CHECK_FALSE(range.take());
}

TEST_CASE("every number is worked on once, however many threads there are") {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    std::vector<std::atomic<int>> done(1000);
    SharedRange range(done.size(), 3);
    range.run(threads, [&] {
      while (const auto piece = range.take()) {
        for (std::size_t i = piece->begin; i < piece->end; ++i) ++done[i];
      }
    });
    for (const std::atomic<int>& times : done) REQUIRE(times == 1);
  }
}

TEST_CASE("no thread is started that would find nothing") {
  std::atomic<int> calls = 0;
  SharedRange(4, 2).run(8, [&] { ++calls; });
  CHECK(calls == 2);
  calls = 0;
  SharedRange(0, 2).run(8, [&] { ++calls; });
  CHECK(calls == 1);
}

}  // namespace
}  // namespace graph

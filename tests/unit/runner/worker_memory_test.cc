// Workers that share a limit: one grows too large, none fits, the last one stays.
#include "runner/worker_memory.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

using Advice = WorkerMemory::Advice;
constexpr std::uint64_t kMega = 1'000'000;

TEST_CASE("a worker within its share goes on") {
  WorkerMemory memory(1000 * kMega, 2);
  CHECK(memory.advise({.now = 400 * kMega, .fresh = 200 * kMega}, 0) == Advice::kGoOn);
  CHECK(memory.has_room(400 * kMega, 0));
}

TEST_CASE("a worker that has outgrown its share is replaced when a fresh one is smaller") {
  WorkerMemory memory(1000 * kMega, 2);
  CHECK(memory.advise({.now = 480 * kMega, .fresh = 200 * kMega}, 0) == Advice::kReplace);
  CHECK_FALSE(memory.has_room(480 * kMega, 0));
}

TEST_CASE("workers that are too large from the beginning leave, one after the other, but for the last") {
  WorkerMemory memory(1000 * kMega, 3);
  const WorkerSize large{.now = 900 * kMega, .fresh = 900 * kMega};
  CHECK(memory.advise(large, 0) == Advice::kLeave);
  CHECK(memory.advise(large, 0) == Advice::kLeave);
  CHECK(memory.advise(large, 0) == Advice::kGoOn);
}

TEST_CASE("those that stay have more") {
  WorkerMemory memory(1000 * kMega, 2);
  CHECK(memory.advise({.now = 600 * kMega, .fresh = 600 * kMega}, 0) == Advice::kLeave);
  CHECK(memory.advise({.now = 600 * kMega, .fresh = 600 * kMega}, 0) == Advice::kGoOn);
}

TEST_CASE("the last worker is not replaced after each request that exceeds the limit, but when it grows") {
  WorkerMemory memory(100 * kMega, 1);
  CHECK(memory.advise({.now = 200 * kMega, .fresh = 200 * kMega}, 0) == Advice::kGoOn);
  CHECK(memory.advise({.now = 240 * kMega, .fresh = 200 * kMega}, 0) == Advice::kGoOn);
  CHECK(memory.advise({.now = 260 * kMega, .fresh = 200 * kMega}, 0) == Advice::kReplace);
}

TEST_CASE("what typewave holds itself is not there for workers") {
  WorkerMemory memory(1000 * kMega, 1);
  CHECK(memory.advise({.now = 700 * kMega, .fresh = 100 * kMega}, 0) == Advice::kGoOn);
  CHECK(memory.advise({.now = 700 * kMega, .fresh = 100 * kMega}, 400 * kMega) == Advice::kReplace);
}

TEST_CASE("more workers than have room do not start, but one does") {
  CHECK(WorkerMemory::fitting(10, 8) == 1);
  CHECK(WorkerMemory::fitting(500 * kMega, 8) == 2);
  CHECK(WorkerMemory::fitting(100'000 * kMega, 8) == 8);
  CHECK(WorkerMemory(0, 0).leave() == false);
}

}  // namespace
}  // namespace runner

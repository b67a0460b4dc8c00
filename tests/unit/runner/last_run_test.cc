// A remembered run comes back whole, under its own inputs alone, or not at all.
#include "runner/last_run.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "graph/regular_file.h"
#include "runner/stat_cache.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

using support::TemporaryDirectory;
using support::write_file;

LastRun sample(const std::string& source) {
  LastRun run{.inputs = graph::sha256("inputs"),
              .seen = {},
              .answer = {.output = "a.py:1: error: text\n",
                         .exit_code = 1,
                         .own_modules = 3,
                         .followed_modules = 40,
                         .components = 20,
                         .waves = 5,
                         .cpu_seconds = 1.5},
              .store = graph::sha256("packs")};
  run.seen.paths = {{source + ".gone", graph::FileKind::kMissing}};
  run.seen.files = {
      {source, {}, graph::sha256("bytes"), graph::sha256("code"), graph::sha256("shape"), true}};
  REQUIRE(graph::stat_file(source, run.seen.files[0].stat));
  return run;
}

TEST_CASE("every field comes back") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  LastRun run = sample(folder / "a.py");
  run.seen.directories = {{"/d", run.seen.files[0].stat, graph::sha256("d")}, {"/e", {}, graph::sha256("e")}};
  const auto decoded = decode_last_run(encode_last_run(run));
  REQUIRE(decoded.has_value());
  CHECK(decoded->inputs == run.inputs);
  CHECK(decoded->seen == run.seen);
  CHECK(decoded->answer == run.answer);
  CHECK(decoded->store == run.store);
}

TEST_CASE("damaged bytes are no run") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  const std::string bytes = encode_last_run(sample(folder / "a.py"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_last_run(std::string_view(bytes).substr(0, size)).has_value());
  }
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string hostile = bytes;
    hostile[random() % hostile.size()] ^= static_cast<char>(1U << random() % 8);
    CHECK_FALSE(decode_last_run(hostile).has_value());
  }
  CHECK_FALSE(decode_last_run(bytes + "x").has_value());
}

TEST_CASE("a run is recalled as it was remembered") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  CHECK_FALSE(recall_last_run(state).has_value());
  const std::int64_t started = elapsed_clock_ns();
  const LastRun run = sample(folder / "a.py");
  remember_last_run(state, run, started);
  const auto recalled = recall_last_run(state);
  REQUIRE(recalled.has_value());
  CHECK(recalled->inputs == run.inputs);
  CHECK(recalled->seen == run.seen);
}

TEST_CASE("a file that changed just now is compared by its bytes, a directory by its entries") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  LastRun run = sample(folder / "a.py");
  const std::int64_t long_ago = elapsed_clock_ns() - 60'000'000'000;  // the file is younger than the run
  run.seen.files[0].digest = graph::sha256("x");
  remember_last_run(state, run, long_ago);
  const auto young = recall_last_run(state);
  REQUIRE(young.has_value());
  graph::DiskObservations same = young->seen;
  CHECK(graph::look_again(same, 1, true) == graph::Refreshed{.stats = true, .bytes = false, .code = false});
  CHECK(same.files == run.seen.files);
  run.seen.files[0].digest = graph::sha256("y");  // what the run saw, and nothing but the bytes tells
  remember_last_run(state, run, long_ago);
  graph::DiskObservations other = recall_last_run(state).value().seen;
  CHECK(graph::look_again(other, 1, true).code);

  graph::FileStat stat;
  REQUIRE(graph::stat_file(folder.path(), stat));
  run.seen.files.clear();
  run.seen.directories = {{folder.path(), stat, graph::sha256("other entries")}};
  remember_last_run(state, run, long_ago);
  const auto recalled = recall_last_run(state);
  REQUIRE(recalled.has_value());
  CHECK_FALSE(recalled->seen.directories[0].stat.has_value());
}

TEST_CASE("what is incomplete is not remembered") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  LastRun run = sample(folder / "a.py");
  run.seen.files.clear();
  run.seen.complete = false;
  remember_last_run(state, run, elapsed_clock_ns());
  CHECK_FALSE(recall_last_run(state).has_value());
}

}  // namespace
}  // namespace runner

// A remembered run comes back whole, under its own inputs alone, or not at all.
#include "runner/last_run.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

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

// Everything of it.
LastRun all_of(const RecalledRun& recalled) {
  const std::optional<LastRun> whole = recalled.whole ? recalled.whole : recalled.packed.unpack();
  REQUIRE(whole.has_value());
  return *whole;
}

std::string text_of(const std::string& path) {
  const graph::FileRead read = graph::read_file(path);
  REQUIRE(read.error.empty());
  return read.text;
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
  CHECK_FALSE(recall_last_run(state, 1).has_value());
  const std::int64_t started = elapsed_clock_ns();
  const LastRun run = sample(folder / "a.py");
  remember_last_run(state, run, started);
  const auto recalled = recall_last_run(state, 1);
  REQUIRE(recalled.has_value());
  CHECK(recalled->glance.all_same());
  CHECK(recalled->packed.inputs == run.inputs);
  CHECK(recalled->answer == run.answer);
  CHECK(all_of(*recalled).inputs == run.inputs);
  CHECK(all_of(*recalled).answer == run.answer);
  CHECK(all_of(*recalled).seen == run.seen);
}

TEST_CASE("a glance finds what was touched, created or removed, and nothing else") {
  const TemporaryDirectory folder;
  for (const char* name : {"a.py", "b.py", "c.py"}) write_file(folder / name, "x");
  std::filesystem::create_directory(folder / "d");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  const std::int64_t started = elapsed_clock_ns();
  LastRun run = sample(folder / "a.py");
  run.seen.directories = {{folder / "d", graph::FileStat{}, {}}, {folder / "gone", {}, {}}};
  REQUIRE(graph::stat_file(folder / "d", *run.seen.directories[0].stat));
  for (const char* name : {"b.py", "c.py"}) {
    graph::SeenFile file{folder / name,      {},   graph::sha256("x"), graph::sha256("x"),
                         graph::sha256("x"), false};
    REQUIRE(graph::stat_file(file.path, file.stat));
    run.seen.files.push_back(file);
  }
  run.seen.files.push_back({folder / "later.py", {}, {}, {}, {}, false});
  remember_last_run(state, run, started);
  // By place: d, gone; a.py.gone; a.py, b.py, c.py, later.py. Of a directory without a stat the entries
  // count.
  const auto glance = [&] { return recall_last_run(state, 2).value().glance.same; };
  CHECK(glance() == std::vector<std::uint8_t>{1, 0, 1, 1, 1, 1, 1});
  write_file(folder / "b.py", "y");
  CHECK(glance() == std::vector<std::uint8_t>{1, 0, 1, 1, 0, 1, 1});
  std::filesystem::remove(folder / "c.py");
  write_file(folder / "later.py", "x");
  write_file(folder / "a.py.gone", "x");
  write_file(folder / "d/e.py", "x");
  CHECK(glance() == std::vector<std::uint8_t>{0, 0, 0, 1, 0, 0, 0});

  const auto recalled = recall_last_run(state, 1);
  REQUIRE(recalled.has_value());
  REQUIRE(recalled->whole.has_value());
  graph::DiskObservations with = recalled->whole->seen, without = with;
  CHECK(graph::look_again(with, 1, true, recalled->glance) == graph::look_again(without, 1, true));
  CHECK(with == without);
}

TEST_CASE("an edit is told of once, what only touches files or comments is not") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x = 1\n");
  LastRun run = sample(folder / "a.py");
  run.seen.files.clear();
  constexpr int kFiles = 40;
  std::vector<std::string> paths;
  for (int i = 0; i < kFiles; ++i) {
    paths.push_back(folder / ("m" + std::to_string(i) + ".py"));
    write_file(paths.back(), "x = 1\n");
    run.seen.files.push_back({paths.back(), {}, {}, {}, {}, false});
  }
  graph::look_again(run.seen, 1, true);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  remember_last_run(state, run, elapsed_clock_ns());
  const auto edits = [&] {
    std::vector<graph::Digest> told;
    std::mutex mutex;
    const auto recalled = recall_last_run(state, 2, [&](const graph::Digest& inputs) {
      const std::lock_guard lock(mutex);
      told.push_back(inputs);
    });
    CHECK(recalled.has_value());
    return told;
  };
  CHECK(edits().empty());
  write_file(paths[7], "x = 1\n");
  write_file(paths[8], "x = 1  # why\n");
  CHECK(edits().empty());
  write_file(paths[30], "x = 2\n");
  CHECK(edits() == std::vector<graph::Digest>{run.inputs});
  std::filesystem::remove(paths[31]);
  CHECK(edits() == std::vector<graph::Digest>{run.inputs});
  // After a checkout no more than a few are read; whoever looks again finds out.
  for (const std::string& path : paths) write_file(path, "x = 1\n");
  write_file(paths[39], "x = 3\n");
  CHECK(edits().size() <= 1);
}

TEST_CASE("damage is found though nothing was touched") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  const std::int64_t started = elapsed_clock_ns();
  remember_last_run(state, sample(folder / "a.py"), started);
  const std::string place = folder / ".typewave_cache/last-run";
  const std::string bytes = text_of(place);
  // The digests before the seal are not decoded.
  for (const std::size_t from_the_end :
       {std::size_t{1}, std::size_t{40}, std::size_t{140}, bytes.size() - 10}) {
    std::string hostile = bytes;
    hostile[bytes.size() - from_the_end] ^= 1;
    write_file(place, hostile);
    CHECK_FALSE(recall_last_run(state, 1).has_value());
  }
  write_file(place, bytes);
  CHECK(recall_last_run(state, 1).has_value());
}

TEST_CASE("a file that changed just now is compared by its bytes, a directory by its entries") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  LastRun run = sample(folder / "a.py");
  const std::int64_t long_ago = elapsed_clock_ns() - 60'000'000'000;  // the file is younger than the run
  run.seen.files[0].digest = graph::sha256("x");
  remember_last_run(state, run, long_ago);
  const auto young = recall_last_run(state, 1);
  REQUIRE(young.has_value());
  graph::DiskObservations same = all_of(*young).seen;
  CHECK(graph::look_again(same, 1, true, young->glance) ==
        graph::Refreshed{.stats = true, .bytes = false, .code = false});
  CHECK(same.files == run.seen.files);
  run.seen.files[0].digest = graph::sha256("y");  // what the run saw, and nothing but the bytes tells
  remember_last_run(state, run, long_ago);
  graph::DiskObservations other = all_of(recall_last_run(state, 1).value()).seen;
  CHECK(graph::look_again(other, 1, true).code);

  graph::FileStat stat;
  REQUIRE(graph::stat_file(folder.path(), stat));
  run.seen.files.clear();
  run.seen.directories = {{folder.path(), stat, graph::sha256("other entries")}};
  remember_last_run(state, run, long_ago);
  const auto recalled = recall_last_run(state, 1);
  REQUIRE(recalled.has_value());
  CHECK_FALSE(all_of(*recalled).seen.directories[0].stat.has_value());
}

TEST_CASE("what is incomplete is not remembered") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  const auto state = StateDirectory::open(folder.path(), StateDirectory::Access::kReadWrite);
  LastRun run = sample(folder / "a.py");
  run.seen.files.clear();
  run.seen.complete = false;
  remember_last_run(state, run, elapsed_clock_ns());
  CHECK_FALSE(recall_last_run(state, 1).has_value());
}

}  // namespace
}  // namespace runner

#include "runner/stat_cache.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "graph/regular_file.h"
#include "tests/support/repository.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::read_file;
using support::TemporaryDirectory;
using support::write_file;

constexpr std::int64_t kSecond = 1'000'000'000;

const graph::ScanTarget kTarget{
    .python_major = 3, .python_minor = 14, .platform = "linux", .always_true = {"YES"}, .always_false = {}};

graph::ScannedFile scan_of(std::string_view text) {
  graph::ScannedFile file;
  file.digest = graph::sha256(text);
  file.code = graph::sha256("code");
  file.shape = graph::sha256("shape");
  file.sha1 = graph::sha1(text);
  file.size = text.size();
  file.scan.imports = {{.kind = graph::ImportKind::kImport,
                        .top_level = true,
                        .mypy_only = true,
                        .in_dropped_body = false,
                        .dots = 0,
                        .line = 300,
                        .module = "os.path",
                        .names = {}},
                       {.kind = graph::ImportKind::kFrom,
                        .top_level = false,
                        .mypy_only = false,
                        .in_dropped_body = true,
                        .dots = 2,
                        .line = 7,
                        .module = "",
                        .names = {"x", std::string(text)}}};
  file.scan.template_strings = true;
  file.scan.module_getattr = true;
  file.scan.words = {1, 70'000, 0xffffffff};
  return file;
}

bool same(const graph::ScannedFile& left, const graph::ScannedFile& right) {
  return left.digest == right.digest && left.code == right.code && left.shape == right.shape &&
         left.sha1 == right.sha1 && left.size == right.size && left.scan == right.scan &&
         left.unreadable == right.unreadable;
}

// A file that has been as it is for long.
graph::FileStat old_stat() {
  return {.size = 4,
          .mtime_ns = 1'000'000'000'000'000'001,
          .ctime_ns = 1'000'000'000'000'000'002,
          .inode = 12,
          .device = 3,
          .mode = 0100644};
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// One run over one checkout.
struct Run {
  explicit Run(const fs::path& checkout, StatCache::Clock clock = elapsed_clock_ns)
      : state(StateDirectory::open(checkout, StateDirectory::Access::kReadWrite)), cache(state, clock) {}
  bool recalls(const std::string& path, const graph::FileStat& stat,
               const graph::ScanTarget& target = kTarget) {
    return cache.recall(path, target, stat, file);
  }
  void remember(const std::string& path, const graph::FileStat& stat, std::string_view text = "text") {
    cache.remember(path, kTarget, stat, scan_of(text));
  }

  StateDirectory state;
  StatCache cache;
  graph::ScannedFile file;
};

fs::path file_of(const fs::path& checkout) {
  return checkout / ".typewave_cache" / "scans";
}

// Runs once and remembers one file.
void remember(const fs::path& checkout, const std::string& path, std::string_view text = "text") {
  Run run(checkout);
  run.remember(path, old_stat(), text);
  run.cache.save();
  CHECK(run.cache.trouble() == "");
}

TEST_CASE("the next run recalls a scan in every detail") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  Run run(checkout.path());
  CHECK(run.recalls("a.py", old_stat()));
  CHECK(same(run.file, scan_of("text")));
}

TEST_CASE("files that are as they were are recalled before anybody asks, each once") {
  const TemporaryDirectory checkout;
  const std::string path = (checkout.path() / "a.py").string();
  write_file(path, "text");
  graph::FileStat stat;
  REQUIRE(graph::stat_file(path, stat));
  {
    // By this clock the run began long after the file was written.
    Run run(checkout.path(), [now = std::int64_t{0}]() mutable { return now -= 10 * kSecond; });
    run.remember(path, stat);
    run.cache.save();
  }
  graph::ScannedFile file;
  graph::FileStat seen;
  // The first question ends the reading ahead, so the cache gets some time before it.
  const auto takes = [&](Run& run, std::chrono::milliseconds pause) {
    std::this_thread::sleep_for(pause);
    return run.cache.take_anticipated(path, kTarget, seen, file);
  };
  bool taken = false;
  for (std::chrono::milliseconds pause{1}; !taken && pause.count() < 5000; pause *= 2) {
    Run run(checkout.path());
    taken = takes(run, pause);
    CHECK_FALSE(run.cache.take_anticipated(path, kTarget, seen, file));
  }
  CHECK(taken);
  CHECK(seen == stat);
  CHECK(same(file, scan_of("text")));

  write_file(path, "other");
  Run run(checkout.path());
  CHECK_FALSE(takes(run, std::chrono::milliseconds(20)));
}

TEST_CASE("with nothing ahead the file is read when something is asked for") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  const StateDirectory state = StateDirectory::open(checkout.path(), StateDirectory::Access::kReadWrite);
  StatCache cache(state, StatCache::Ahead::kNothing);
  graph::ScannedFile file;
  SUBCASE("it is there") {
    CHECK(cache.recall("a.py", kTarget, old_stat(), file));
    CHECK(same(file, scan_of("text")));
  }
  SUBCASE("it is not there any more") {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    fs::remove(file_of(checkout.path()));
    CHECK_FALSE(cache.recall("a.py", kTarget, old_stat(), file));
  }
  SUBCASE("nobody asks: nothing is found damaged, and it stays as it is") {
    write_file(file_of(checkout.path()), "no cache");
    cache.save();
    CHECK(cache.trouble() == "");
    CHECK(support::read_file(file_of(checkout.path())) == "no cache");
  }
}

TEST_CASE("any difference in path, target or stat is another file") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  Run run(checkout.path());
  CHECK_FALSE(run.recalls("b.py", old_stat()));
  graph::ScanTarget target = kTarget;
  target.python_minor = 13;
  CHECK_FALSE(run.recalls("a.py", old_stat(), target));
  const auto changed = [&](auto change) {
    graph::FileStat stat = old_stat();
    change(stat);
    return !run.recalls("a.py", stat);
  };
  CHECK(changed([](graph::FileStat& stat) { ++stat.size; }));
  CHECK(changed([](graph::FileStat& stat) { ++stat.mtime_ns; }));
  CHECK(changed([](graph::FileStat& stat) { ++stat.ctime_ns; }));
  CHECK(changed([](graph::FileStat& stat) { ++stat.inode; }));
  CHECK(changed([](graph::FileStat& stat) { ++stat.device; }));
  CHECK(changed([](graph::FileStat& stat) { ++stat.mode; }));
  CHECK(run.file.size == 0);
}

TEST_CASE("a file may have changed unseen within one tick of the file system's clock") {
  const std::int64_t moment = 1000 * kSecond + 123;
  const auto racy = [&](std::int64_t mtime, std::int64_t ctime) {
    graph::FileStat stat = old_stat();
    stat.mtime_ns = mtime;
    stat.ctime_ns = ctime;
    return may_have_changed_unseen(stat, moment);
  };
  const std::int64_t old = moment - 10 * kSecond;
  CHECK_FALSE(racy(old, old));
  CHECK(racy(moment, old));
  CHECK(racy(old, moment));
  CHECK(racy(old, moment + kSecond));
  CHECK(racy(old, moment - 10'000'000));  // a tick of 10 ms
  CHECK_FALSE(racy(old, moment - 100'000'000));
  CHECK(racy(old, 999 * kSecond));  // whole seconds: perhaps every second one only
  CHECK_FALSE(racy(old, 997 * kSecond));
}

TEST_CASE("a racy file is not remembered until it has come to rest") {
  const TemporaryDirectory checkout;
  graph::FileStat stat = old_stat();
  std::int64_t clock = 0;
  const auto recalled_after = [&](std::int64_t elapsed) {
    Run run(checkout.path(), [&] { return clock; });
    run.remember("a.py", stat);
    clock += elapsed;
    run.cache.save();
    return Run(checkout.path()).recalls("a.py", stat);
  };
  // Changed three seconds ago.
  stat.ctime_ns = now_ns() - 3 * kSecond + 1;
  SUBCASE("before the run began") {
    CHECK(recalled_after(1 * kSecond));
  }
  SUBCASE("while the run went on") {
    CHECK_FALSE(recalled_after(5 * kSecond));
  }
  SUBCASE("in the future") {
    stat.ctime_ns = now_ns() + 3600 * kSecond + 1;
    CHECK_FALSE(recalled_after(0));
    CHECK_FALSE(fs::exists(file_of(checkout.path())));
  }
}

TEST_CASE("a changed file replaces what was known of it") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py", "one");
  remember(checkout.path(), "b.py", "two");
  graph::FileStat changed = old_stat();
  ++changed.size;
  {
    Run run(checkout.path());
    run.remember("a.py", changed, "three");
    run.cache.save();
  }
  Run run(checkout.path());
  CHECK(run.recalls("a.py", changed));
  CHECK(same(run.file, scan_of("three")));
  CHECK_FALSE(run.recalls("a.py", old_stat()));
  CHECK(run.recalls("b.py", old_stat()));
  CHECK(same(run.file, scan_of("two")));
}

TEST_CASE("nothing is rewritten when nothing changed") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  const fs::path file = file_of(checkout.path());
  fs::last_write_time(file, fs::file_time_type{});
  Run run(checkout.path());
  CHECK(run.recalls("a.py", old_stat()));
  run.cache.save();
  CHECK(fs::last_write_time(file) == fs::file_time_type{});
}

TEST_CASE("files not asked for are forgotten, after a while") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "gone.py");
  remember(checkout.path(), "used.py");
  for (int i = 0; i < 12; ++i) {
    Run run(checkout.path());
    run.recalls("used.py", old_stat());
    run.remember("edited.py", {.size = static_cast<std::uint64_t>(i), .mtime_ns = 1, .ctime_ns = 1});
    run.cache.save();
    if (i == 3) CHECK(Run(checkout.path()).recalls("gone.py", old_stat()));
  }
  CHECK_FALSE(Run(checkout.path()).recalls("gone.py", old_stat()));
  CHECK(Run(checkout.path()).recalls("used.py", old_stat()));
}

TEST_CASE("strings no longer in use are collected") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "kept.py", "kept");
  for (int i = 0; i < 100; ++i) {
    Run run(checkout.path());
    CHECK(run.recalls("kept.py", old_stat()));
    CHECK(same(run.file, scan_of("kept")));
    graph::FileStat stat = old_stat();
    stat.size = static_cast<std::uint64_t>(i);
    run.remember("a.py", stat, std::string(100, 'x') + std::to_string(i));
    run.cache.save();
  }
  CHECK(fs::file_size(file_of(checkout.path())) < 4000);
}

TEST_CASE("unreadable files are not remembered") {
  const TemporaryDirectory checkout;
  Run run(checkout.path());
  graph::ScannedFile file;
  file.unreadable = "Permission denied";
  run.cache.remember("a.py", kTarget, old_stat(), file);
  run.cache.save();
  CHECK_FALSE(fs::exists(file_of(checkout.path())));
}

TEST_CASE("a damaged cache never gives a wrong scan") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  const std::string bytes = read_file(file_of(checkout.path()));
  const auto recalled = [](std::string_view damaged) -> std::vector<graph::ScannedFile> {
    std::vector<graph::ScannedFile> files;
    const auto contents = parse_stat_cache(damaged);
    if (!contents) return files;
    for (const StatCacheEntry& entry : contents->entries) {
      CHECK(entry.stat == old_stat());
      CHECK(contents->strings[entry.path] == "a.py");
      CHECK(contents->targets.at(entry.target) == kTarget);
      std::optional<graph::ScannedFile> file = decode_scan(entry, contents->strings);
      if (file) files.push_back(std::move(*file));
    }
    return files;
  };
  REQUIRE(recalled(bytes).size() == 1);
  SUBCASE("truncated anywhere") {
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK(recalled(bytes.substr(0, size)).empty());
  }
  SUBCASE("any bit flipped") {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      CHECK(recalled(damaged).empty());
    }
  }
  SUBCASE("longer than it says") {
    CHECK(recalled(bytes + "x").empty());
  }
  SUBCASE("a damaged file is replaced") {
    write_file(file_of(checkout.path()), bytes.substr(0, bytes.size() / 2));
    remember(checkout.path(), "a.py");
    CHECK(read_file(file_of(checkout.path())) == bytes);
  }
}

TEST_CASE("damage is counted once and gone for the next run, even if nothing new is to be kept") {
  const TemporaryDirectory checkout;
  remember(checkout.path(), "a.py");
  const std::string bytes = read_file(file_of(checkout.path()));
  std::string body_damaged = bytes;
  body_damaged.back() = static_cast<char>(body_damaged.back() ^ 1);
  for (const std::string& content : {bytes.substr(0, 7), bytes + "x", body_damaged}) {
    write_file(file_of(checkout.path()), content);
    Run run(checkout.path());
    CHECK_FALSE(run.recalls("a.py", old_stat()));
    CHECK_FALSE(run.recalls("a.py", old_stat()));
    run.cache.save();
    CHECK(run.cache.trouble().empty());
    CHECK(run.state.damaged() == 1);

    Run next(checkout.path());
    CHECK_FALSE(next.recalls("a.py", old_stat()));
    CHECK(next.state.damaged() == 0);
  }
}

TEST_CASE("a body with a valid checksum and random bytes does not crash") {
  std::mt19937 random(1);
  StringTable strings;
  const std::string good = encode_scan(scan_of("text"), strings);
  constexpr std::size_t kDigests = 3 * sizeof(graph::Digest) + sizeof(graph::Sha1);
  for (int round = 0; round < 20'000; ++round) {
    std::string body = good;
    for (unsigned change = 0; change < 1 + random() % 4; ++change) {
      body[kDigests + random() % (body.size() - kDigests)] = static_cast<char>(random());
    }
    StatCacheEntry entry;
    entry.body = body;
    entry.digest = body_digest(body);
    const auto file = decode_scan(entry, strings);
    if (file) CHECK(file->digest == scan_of("text").digest);
  }
}

TEST_CASE("the frozen sample is still read") {
  const auto root = support::repository();
  const std::string bytes = read_file(root / "testdata/formats/sample_v3.scans");
  const auto contents = parse_stat_cache(bytes);
  REQUIRE(contents.has_value());
  REQUIRE(contents->entries.size() == 1);
  const StatCacheEntry& entry = contents->entries.front();
  CHECK(entry.stat == old_stat());
  CHECK(contents->strings[entry.path] == "a.py");
  CHECK(contents->targets == std::vector<graph::ScanTarget>{kTarget});
  const auto file = decode_scan(entry, contents->strings);
  REQUIRE(file.has_value());
  CHECK(same(*file, scan_of("text")));
}

TEST_CASE("the state directory hides from git and from backups") {
  const TemporaryDirectory checkout;
  const auto state = StateDirectory::open(checkout.path(), StateDirectory::Access::kReadWrite);
  CHECK(state.writable());
  CHECK(read_file(checkout / ".typewave_cache/.gitignore") == "*\n");
  CHECK(read_file(checkout / ".typewave_cache/CACHEDIR.TAG").starts_with("Signature: "));
}

TEST_CASE("without a state directory everything works and nothing is remembered") {
  const TemporaryDirectory checkout;
  SUBCASE("a link is in the way") {
    fs::create_directory(checkout / "elsewhere");
    fs::create_directory_symlink(checkout / "elsewhere", checkout / ".typewave_cache");
    Run run(checkout.path());
    CHECK(run.state.trouble() != "");
    run.remember("a.py", old_stat());
    run.cache.save();
    CHECK_FALSE(run.recalls("a.py", old_stat()));
    CHECK(fs::is_empty(checkout / "elsewhere"));
  }
  SUBCASE("a reader does not create one, and that is no trouble") {
    const auto state = StateDirectory::open(checkout.path(), StateDirectory::Access::kReadOnly);
    CHECK(state.directory() == nullptr);
    CHECK(state.trouble() == "");
    CHECK_FALSE(fs::exists(checkout / ".typewave_cache"));
  }
}

}  // namespace
}  // namespace runner

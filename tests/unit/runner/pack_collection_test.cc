#include "runner/pack_collection.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runner/pack_store.h"
#include "runner/stored_outcomes.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Access = PackStore::Access;
using support::TemporaryDirectory;

constexpr std::uint64_t kPlenty = 1'000'000'000;

graph::Digest key(const std::string& name) {
  return graph::sha256(name);
}

std::unique_ptr<PackStore> open(const fs::path& path, std::uint64_t limit = kPlenty) {
  return PackStore::open(path, Access::kReadWrite, [limit] { return StoreLimit{limit}; });
}

// Cannot be compressed.
std::string noise(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// A component's result: an interface, and the manifest that names it.
void put_result(PackStore& store, const std::string& name, const std::string& interface) {
  const graph::Digest digest = graph::sha256(interface);
  store.put(RecordKind::kInterface, digest, interface);
  scheduler::ManifestEntry entry;
  entry.outcome.modules.push_back({digest, {}});
  StoredOutcomes(store, false).keep(key(name), entry);
}

bool has_result(const fs::path& path, const std::string& name) {
  const auto store = open(path);
  StoredOutcomes outcomes(*store, true);
  return !outcomes.entries(key(name)).empty();
}

// One run of a project that finds or makes these results, of about 20 kB each.
void run(const fs::path& path, const std::string& project, const std::vector<std::string>& names,
         std::uint64_t limit = kPlenty) {
  const auto store = open(path, limit);
  for (const std::string& name : names) {
    if (store->get_all(RecordKind::kManifest, key(name)).empty()) {
      put_result(*store, name, noise(20'000, std::hash<std::string>()(name)));
    }
  }
  store->flush();
  store->note_run({.folder = project, .reused = 0, .checked = names.size()});
  CHECK(store->trouble() == "");
}

PackCollection::Result collect(const fs::path& path, std::uint64_t bytes, bool thorough = true) {
  const auto directory = PackDirectory::open(path, Access::kReadWrite);
  REQUIRE(directory.ok());
  return PackCollection(*directory, StoreLimit{bytes}).collect(bytes, thorough);
}

std::uint64_t bytes_in(const fs::path& path) {
  std::uint64_t total = 0;
  std::error_code gone;
  for (auto it = fs::recursive_directory_iterator(path, gone); it != fs::recursive_directory_iterator();
       it.increment(gone)) {
    if (gone) break;
    const std::uint64_t size = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) total += size;
  }
  return total;
}

TEST_CASE("what was used least recently goes first, with what it names") {
  const TemporaryDirectory store;
  run(store.path(), "/old", {"a", "b"});
  run(store.path(), "/middle", {"c", "d"});
  run(store.path(), "/new", {"e", "f"});
  run(store.path(), "/old", {"b"});  // used again
  const PackCollection::Result result = collect(store.path(), 110'000);
  CHECK_FALSE(result.trouble.has_value());
  CHECK(result.bytes_before > 120'000);
  CHECK(result.bytes_after < 110'000);
  CHECK(bytes_in(store.path()) < 110'000);
  CHECK(result.records_removed > 0);
  CHECK(has_result(store.path(), "b"));
  CHECK(has_result(store.path(), "e"));
  CHECK(has_result(store.path(), "f"));
  CHECK_FALSE(has_result(store.path(), "a"));
}

TEST_CASE("consolidation does not make anything younger") {
  const TemporaryDirectory store;
  for (int i = 0; i < 20; ++i) run(store.path(), "/p", {"r" + std::to_string(i)});
  collect(store.path(), 150'000);
  CHECK(has_result(store.path(), "r19"));
  CHECK(has_result(store.path(), "r18"));
  CHECK_FALSE(has_result(store.path(), "r0"));
  CHECK_FALSE(has_result(store.path(), "r10"));
}

TEST_CASE("a store within its limit loses only what nobody can use") {
  const TemporaryDirectory store;
  run(store.path(), "/p", {"a", "b"});
  {
    const auto writer = open(store.path());
    writer->put(RecordKind::kManifest, key("broken"), "no entry");
    scheduler::ManifestEntry entry;
    entry.outcome.modules.push_back({key("an interface that is not there"), {}});
    StoredOutcomes(*writer, false).keep(key("incomplete"), entry);
    writer->flush();
  }
  const PackCollection::Result result = collect(store.path(), kPlenty);
  CHECK(result.records_removed == 2);
  CHECK(has_result(store.path(), "a"));
  CHECK(has_result(store.path(), "b"));
  CHECK(open(store.path())->get_all(RecordKind::kManifest, key("incomplete")).empty());
}

TEST_CASE("a running process goes on reading what is collected, and what it publishes is complete") {
  const TemporaryDirectory store;
  run(store.path(), "/p", {"a"});
  const std::string interface = noise(20'000, std::hash<std::string>()("a"));
  const auto running = open(store.path());
  CHECK(running->contains(RecordKind::kInterface, graph::sha256(interface)));
  collect(store.path(), 1);
  CHECK_FALSE(has_result(store.path(), "a"));
  CHECK(running->get(RecordKind::kInterface, graph::sha256(interface)) == interface);
  // Another result with the same interface: that is not written again, as it was found; but now it is gone.
  put_result(*running, "b", interface);
  running->flush();
  CHECK(running->trouble() == "");
  CHECK(has_result(store.path(), "b"));
}

TEST_CASE("four writers of ten times the limit never have more than a tenth above it") {
  constexpr std::uint64_t kLimit = 1'000'000;
  const TemporaryDirectory directory;
  const fs::path path = directory / "store";
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> peak{0};
  std::atomic<int> wrong{0};
  std::jthread watcher([&] {
    while (!done) {
      peak = std::max(peak.load(), bytes_in(path));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&, writer] {
        for (int round = 0; round < 10; ++round) {
          const auto store = open(path, kLimit);
          for (int i = 0; i < 10; ++i) {
            const std::string name =
                std::to_string(writer) + "/" + std::to_string(round) + "/" + std::to_string(i);
            put_result(*store, name, noise(25'000, std::hash<std::string>()(name)));
          }
          store->flush();
          store->note_run({.folder = std::to_string(writer), .reused = 0, .checked = 10});
          if (store->trouble() != "") ++wrong;
        }
      });
    }
  }
  done = true;
  watcher.join();
  CHECK(wrong == 0);
  CHECK(peak > kLimit / 2);
  CHECK(peak <= kLimit + kLimit / 10);
  for (int writer = 0; writer < 4; ++writer) {
    const auto store = open(path, kLimit);
    for (const auto& entry : StoredOutcomes(*store, false).entries(key(std::to_string(writer) + "/9/9"))) {
      CHECK(store->contains(RecordKind::kInterface, entry.outcome.modules.front().interface));
    }
  }
}

TEST_CASE("a limit that is too small for a run keeps nothing and says so") {
  const TemporaryDirectory directory;
  const auto store = open(directory / "store", 20'000);
  put_result(*store, "a", noise(50'000, 1));
  store->flush();
  CHECK(store->trouble().find("--store-limit") != std::string::npos);
  CHECK(store->contains(RecordKind::kManifest, key("a")));
  CHECK(bytes_in(directory / "store") < 1000);
}

}  // namespace
}  // namespace runner

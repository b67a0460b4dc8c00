#include "runner/pack_store.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "runner/file_handle.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Access = PackStore::Access;
using support::files_in;
using support::read_file;
using support::TemporaryDirectory;
using support::write_file;

graph::Digest key(std::string_view name) {
  return graph::sha256(name);
}

std::unique_ptr<PackStore> open(const fs::path& path, Access access = Access::kReadWrite) {
  auto store = PackStore::open(path, access);
  // Packs are opened on first use; here it is now.
  store->contains(RecordKind::kManifest, graph::Digest{});
  return store;
}

fs::path packs_of(const fs::path& store) {
  return store / "v1" / "packs";
}

// One process that keeps one record.
void keep(const fs::path& path, std::string_view name, std::string_view bytes,
          RecordKind kind = RecordKind::kManifest) {
  const auto store = open(path);
  store->put(kind, key(name), bytes);
  store->flush();
  CHECK(store->trouble() == "");
}

TEST_CASE("a record is readable at once, by others after flush") {
  const TemporaryDirectory directory;
  const auto store = open(directory / "store");
  store->put(RecordKind::kManifest, key("a"), "bytes");
  CHECK(store->get(RecordKind::kManifest, key("a")) == "bytes");
  CHECK_FALSE(open(directory / "store")->contains(RecordKind::kManifest, key("a")));
  store->flush();
  CHECK(store->get(RecordKind::kManifest, key("a")) == "bytes");
  const auto other = open(directory / "store", Access::kReadOnly);
  CHECK(other->get(RecordKind::kManifest, key("a")) == "bytes");
  CHECK_FALSE(other->get(RecordKind::kInterface, key("a")).has_value());
  CHECK(other->counters().hits == 1);
  CHECK(other->counters().misses == 1);
}

TEST_CASE("records of one key come newest first, from memory and from any pack") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  keep(directory.path(), "a", "2");
  const auto store = open(directory.path());
  store->put(RecordKind::kManifest, key("a"), "3");
  store->flush();
  store->put(RecordKind::kManifest, key("a"), "4");
  CHECK(store->get_all(RecordKind::kManifest, key("a")) == std::vector<std::string>{"4", "3", "2", "1"});
  CHECK(store->get(RecordKind::kManifest, key("a")) == "4");
}

TEST_CASE("of records of one key that are too much together the newest come") {
  const TemporaryDirectory directory;
  const auto store = open(directory.path());
  const std::string large(std::size_t{6} << 20, 'x');
  for (char name = 'a'; name <= 'e'; ++name) store->put(RecordKind::kManifest, key("a"), large + name);
  const std::vector<std::string> found = store->get_all(RecordKind::kManifest, key("a"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].back() == 'e');
  CHECK(found[1].back() == 'd');
  store->put(RecordKind::kManifest, key("a"), large + large + large);
  CHECK(store->get_all(RecordKind::kManifest, key("a")).size() == 1);
}

TEST_CASE("what is there already is not kept again") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  keep(directory.path(), "i", "interface", RecordKind::kInterface);
  keep(directory.path(), "a", "1");
  keep(directory.path(), "i", "interface", RecordKind::kInterface);
  CHECK(files_in(packs_of(directory.path())).size() == 2);
  SUBCASE("but a record that is not the newest becomes the newest") {
    keep(directory.path(), "a", "2");
    keep(directory.path(), "a", "1");
    CHECK(open(directory.path())->get(RecordKind::kManifest, key("a")) == "1");
  }
}

TEST_CASE("a flush of nothing writes nothing") {
  const TemporaryDirectory directory;
  const auto store = open(directory.path());
  store->flush();
  CHECK(files_in(packs_of(directory.path())).empty());
}

TEST_CASE("the store is private, tagged as a cache, and leaves no temporary files") {
  const TemporaryDirectory directory;
  const fs::path path = directory / "deep/store";
  keep(path, "a", "1");
  CHECK(read_file(path / "CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
  const auto mode = [](const fs::path& file) { return fs::status(file).permissions(); };
  CHECK(mode(path) == fs::perms::owner_all);
  CHECK(mode(packs_of(path)) == fs::perms::owner_all);
  CHECK(mode(files_in(packs_of(path)).front()) == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(files_in(path / "v1/tmp").empty());
}

TEST_CASE("a directory that holds something else is not tagged as a cache") {
  const TemporaryDirectory directory;
  write_file(directory / "thesis.txt", "");
  keep(directory.path(), "a", "1");
  CHECK_FALSE(fs::exists(directory / "CACHEDIR.TAG"));
}

TEST_CASE("two stores on one directory keep what both put") {
  const TemporaryDirectory directory;
  const auto first = open(directory.path());
  const auto second = open(directory.path());
  first->put(RecordKind::kProbe, key("a"), "1");
  second->put(RecordKind::kProbe, key("b"), "2");
  first->flush();
  second->flush();
  const auto third = open(directory.path());
  CHECK(third->get(RecordKind::kProbe, key("a")) == "1");
  CHECK(third->get(RecordKind::kProbe, key("b")) == "2");
}

TEST_CASE("a damaged block is absent, counted, and replaced by the next put") {
  const TemporaryDirectory directory;
  const std::string interface(1000, 'i');
  keep(directory.path(), interface, interface, RecordKind::kInterface);
  const fs::path pack = files_in(packs_of(directory.path())).front();
  std::string bytes = read_file(pack);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  write_file(pack, bytes);
  const auto store = open(directory.path());
  CHECK_FALSE(store->get(RecordKind::kInterface, key(interface)).has_value());
  CHECK_FALSE(store->contains(RecordKind::kInterface, key(interface)));
  CHECK(store->counters().corrupt == 1);
  store->put(RecordKind::kInterface, key(interface), interface);
  store->flush();
  CHECK(open(directory.path())->get(RecordKind::kInterface, key(interface)) == interface);
}

TEST_CASE("an interface that is not what its name says is absent, counted, and gone after the next put") {
  const TemporaryDirectory directory;
  const std::string other(100'000, 'x');  // has a block of its own
  keep(directory.path(), "true", "forged", RecordKind::kInterface);
  keep(directory.path(), other, other, RecordKind::kInterface);
  {
    const auto store = open(directory.path());
    CHECK_FALSE(store->get(RecordKind::kInterface, key("true")).has_value());
    CHECK(store->counters().corrupt == 1);
    store->put(RecordKind::kInterface, key("true"), "true");
    store->flush();
  }
  const auto store = open(directory.path());
  CHECK(store->get(RecordKind::kInterface, key("true")) == "true");
  CHECK(store->get(RecordKind::kInterface, key(other)) == other);
  CHECK(store->counters().corrupt == 0);
}

TEST_CASE("a forged interface does not hide a good one, however new it claims to be") {
  const TemporaryDirectory directory;
  keep(directory.path(), "true", "true", RecordKind::kInterface);
  {
    // Kept as it is: this process does not see the other.
    const auto store = open(directory / "elsewhere");
    store->put(RecordKind::kInterface, key("true"), "forged");
    store->flush();
  }
  const fs::path forged = files_in(packs_of(directory / "elsewhere")).front();
  const std::string name = forged.filename().string();
  fs::rename(forged, packs_of(directory.path()) / ("9" + name.substr(1)));
  CHECK(open(directory.path())->get(RecordKind::kInterface, key("true")) == "true");
}

TEST_CASE("a pack with a broken index is counted and deleted, but not by a reader") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  keep(directory.path(), "b", "2");
  const fs::path pack = files_in(packs_of(directory.path())).front();
  fs::resize_file(pack, fs::file_size(pack) - 1);
  CHECK(open(directory.path(), Access::kReadOnly)->counters().corrupt == 1);
  CHECK(fs::exists(pack));
  const auto store = open(directory.path());
  CHECK(store->counters().corrupt == 1);
  CHECK_FALSE(fs::exists(pack));
  CHECK(store->get(RecordKind::kManifest, key("b")) == "2");
}

TEST_CASE("packs are opened when something is looked up") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  const auto store = PackStore::open(directory.path(), Access::kReadWrite);
  store->refresh();
  store->flush();
  CHECK_FALSE(store->has_grown());
  keep(directory.path(), "b", "2");
  CHECK(store->contains(RecordKind::kManifest, key("b")));
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
  CHECK_FALSE(store->has_grown());
}

TEST_CASE("the condition of a store tells whether to look into it again") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  const auto store = PackStore::open(directory.path(), Access::kReadWrite);
  const graph::Digest before = store->condition();
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
  CHECK(store->condition() == before);
  SUBCASE("something was added") {
    keep(directory.path(), "b", "2");
    CHECK(store->condition() != before);
  }
  SUBCASE("something was damaged, and is removed") {
    const fs::path pack = files_in(packs_of(directory.path())).front();
    fs::resize_file(pack, fs::file_size(pack) - 1);
    const auto other = PackStore::open(directory.path(), Access::kReadWrite);
    CHECK(other->condition() != before);
    CHECK(other->counters().corrupt == 0);
    other->open_all();
    CHECK(other->counters().corrupt == 1);
  }
}

TEST_CASE("a pack truncated or removed under an open store costs records, nothing else") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  const auto store = open(directory.path());
  const fs::path pack = files_in(packs_of(directory.path())).front();
  SUBCASE("removed: still readable through the open descriptor") {
    fs::remove(pack);
    CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
  }
  SUBCASE("truncated: absent") {
    fs::resize_file(pack, 0);
    CHECK_FALSE(store->get(RecordKind::kManifest, key("a")).has_value());
    CHECK(store->counters().corrupt == 1);
  }
}

TEST_CASE("many small packs are consolidated into one, while another process goes on reading") {
  const TemporaryDirectory directory;
  for (int i = 0; i < 11; ++i) keep(directory.path(), "a", std::to_string(i));
  keep(directory.path(), "interface", "interface", RecordKind::kInterface);
  REQUIRE(files_in(packs_of(directory.path())).size() == 12);
  const auto reader = open(directory.path(), Access::kReadOnly);
  keep(directory.path(), "b", "last");

  CHECK(files_in(packs_of(directory.path())).size() == 1);
  CHECK(reader->get_all(RecordKind::kManifest, key("a")).size() == 11);
  const auto store = open(directory.path());
  CHECK(store->get_all(RecordKind::kManifest, key("a")) ==
        std::vector<std::string>{"10", "9", "8", "7", "6", "5", "4", "3"});
  CHECK(store->get(RecordKind::kInterface, key("interface")) == "interface");
  CHECK(store->get(RecordKind::kManifest, key("b")) == "last");
}

TEST_CASE("a pack that outweighs all small ones is not written again for them") {
  const TemporaryDirectory directory;
  std::string noise;
  for (int i = 0; i < 2000; ++i) noise += graph::sha256(std::to_string(i)).view();
  keep(directory.path(), "large", noise);
  const fs::path large = files_in(packs_of(directory.path())).front();
  for (int i = 0; i < 12; ++i) keep(directory.path(), "a", std::to_string(i));

  CHECK(files_in(packs_of(directory.path())).size() == 2);
  CHECK(fs::exists(large));
  const auto store = open(directory.path());
  CHECK(store->get(RecordKind::kManifest, key("large")) == noise);
  CHECK(store->get(RecordKind::kManifest, key("a")) == "11");
}

TEST_CASE("nobody waits for the consolidation of another process") {
  const TemporaryDirectory directory;
  for (int i = 0; i < 12; ++i) keep(directory.path(), "a", std::to_string(i));
  const FileHandle lock(::open((directory / "v1/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(::flock(lock.get(), LOCK_EX) == 0);
  keep(directory.path(), "b", "1");
  CHECK(files_in(packs_of(directory.path())).size() == 13);
}

TEST_CASE("what a dead writer left is removed, what a living one writes is not") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  write_file(directory / "v1/tmp/0123-400.tmp", "half");
  write_file(directory / "v1/tmp/4567-400.tmp", "half");
  const FileHandle writer(::open((directory / "v1/tmp/4567-400.tmp").c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(::flock(writer.get(), LOCK_EX) == 0);
  keep(directory.path(), "b", "1");
  CHECK(files_in(directory / "v1/tmp") == std::vector<fs::path>{directory / "v1/tmp/4567-400.tmp"});
}

TEST_CASE("what another process publishes is readable after a refresh") {
  const TemporaryDirectory directory;
  keep(directory.path(), "a", "1");
  const auto store = open(directory.path());
  keep(directory.path(), "b", "2");
  CHECK_FALSE(store->contains(RecordKind::kManifest, key("b")));
  store->refresh();
  CHECK(store->get(RecordKind::kManifest, key("b")) == "2");
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
}

TEST_CASE("a long run that refreshes again and again does not collect descriptors") {
  const TemporaryDirectory directory;
  const auto store = open(directory.path());
  for (int i = 0; i < 100; ++i) {
    keep(directory.path(), std::to_string(i), "1");
    store->refresh();
  }
  const auto links = fs::directory_iterator("/proc/self/fd");
  CHECK(std::distance(begin(links), end(links)) < 64);
  for (int i = 0; i < 100; ++i) CHECK(store->contains(RecordKind::kManifest, key(std::to_string(i))));
}

TEST_CASE("planted links and pipes are not followed") {
  const TemporaryDirectory directory;
  keep(directory / "other", "a", "planted");
  SUBCASE("a pack") {
    keep(directory / "store", "b", "own");
    const fs::path planted = packs_of(directory / "store") / "99999999999999999999-0.pack";
    fs::create_symlink(files_in(packs_of(directory / "other")).front(), planted);
    ::mkfifo((packs_of(directory / "store") / "99999999999999999999-1.pack").c_str(), 0600);
    const auto store = open(directory / "store");
    CHECK_FALSE(store->contains(RecordKind::kManifest, key("a")));
    CHECK(store->contains(RecordKind::kManifest, key("b")));
    CHECK(store->counters().corrupt == 2);
    CHECK(files_in(packs_of(directory / "store")).size() == 1);
    CHECK(files_in(packs_of(directory / "other")).size() == 1);
  }
  SUBCASE("the directory of packs") {
    fs::create_directories(directory / "store/v1");
    fs::create_directory_symlink(packs_of(directory / "other"), packs_of(directory / "store"));
    const auto store = open(directory / "store");
    CHECK_FALSE(store->contains(RecordKind::kManifest, key("a")));
    CHECK(store->trouble() != "");
  }
}

TEST_CASE("a store that cannot be kept still works for this process, and says why") {
  const TemporaryDirectory directory;
  fs::path path = directory / "file/store";
  write_file(directory / "file", "");
  SUBCASE("a file is in the way") {}
  SUBCASE("no directory is known") {
    path.clear();
  }
  const auto store = open(path);
  store->put(RecordKind::kManifest, key("a"), "1");
  store->flush();
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
  CHECK(store->trouble() != "");
  CHECK(store->trouble().find('\n') == std::string::npos);
}

TEST_CASE("a store whose disk fails at flush keeps its records for this process, and says why") {
  const TemporaryDirectory directory;
  const auto store = open(directory.path());
  store->put(RecordKind::kManifest, key("a"), "1");
  fs::remove_all(directory / "v1/tmp");
  store->flush();
  CHECK(store->trouble().find("cannot write") != std::string::npos);
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
}

TEST_CASE("a reader changes nothing on the disk, and a store that is not there is no trouble") {
  const TemporaryDirectory directory;
  const auto store = open(directory / "store", Access::kReadOnly);
  store->put(RecordKind::kManifest, key("a"), "1");
  store->flush();
  CHECK(store->trouble() == "");
  CHECK_FALSE(fs::exists(directory / "store"));
}

TEST_CASE("a read-only directory is read") {
  if (::geteuid() == 0) return;  // may write anywhere
  const TemporaryDirectory directory;
  keep(directory / "store", "a", "1");
  fs::permissions(directory / "store/v1/tmp", fs::perms::owner_read | fs::perms::owner_exec);
  const auto store = open(directory / "store");
  CHECK(store->get(RecordKind::kManifest, key("a")) == "1");
  store->put(RecordKind::kManifest, key("b"), "2");
  store->flush();
  CHECK(store->trouble().find("make it writable") != std::string::npos);
  fs::permissions(directory / "store/v1/tmp", fs::perms::owner_all);
}

TEST_CASE("threads may put, get and flush at once") {
  const TemporaryDirectory directory;
  const auto store = open(directory.path());
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 200; ++i) {
          const std::string name = std::to_string(thread) + "/" + std::to_string(i);
          const std::string bytes(static_cast<std::size_t>(i) * 150, static_cast<char>('a' + thread));
          store->put(RecordKind::kInterface, key(name), bytes);
          if (store->get(RecordKind::kInterface, key(name)) != bytes) ++wrong;
          if (i % 100 == 50) store->flush();
        }
      });
    }
  }
  store->flush();
  const auto other = open(directory.path());
  for (int thread = 0; thread < 4; ++thread) {
    for (int i = 0; i < 200; ++i) {
      const std::string name = std::to_string(thread) + "/" + std::to_string(i);
      if (!other->contains(RecordKind::kInterface, key(name))) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace runner

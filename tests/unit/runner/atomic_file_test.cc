// Files that are there as a whole or not at all.
#include "runner/atomic_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::TemporaryDirectory;

OwnedDirectory opened(const fs::path& path) {
  auto directory = OwnedDirectory::open(path, Creation::kIfMissing);
  REQUIRE(directory);
  return std::move(*directory);
}

// Whether it was published.
bool publish(const OwnedDirectory& directory, const std::string& text, Durability durability) {
  auto file = AtomicFile::create(directory, directory, "file");
  REQUIRE(file);
  REQUIRE_FALSE(file->write(text));
  return !file->publish(durability);
}

}  // namespace

TEST_CASE("a published file takes the place of the one before, and nothing else is left") {
  const TemporaryDirectory folder;
  const OwnedDirectory directory = opened(folder / "state");
  for (const Durability durability : {Durability::kLosable, Durability::kDurable}) {
    for (const char* text : {"first", "second, longer", "3"}) {
      CHECK(publish(directory, text, durability));
      CHECK(directory.read("file") == text);
      CHECK(directory.names() == std::vector<std::string>{"file"});
    }
  }
}

TEST_CASE("a file that is not published leaves nothing") {
  const TemporaryDirectory folder;
  const OwnedDirectory directory = opened(folder / "state");
  REQUIRE(publish(directory, "before", Durability::kLosable));
  {
    auto file = AtomicFile::create(directory, directory, "file");
    REQUIRE(file);
    CHECK_FALSE(file->write("half"));
    CHECK(directory.names().size() == 2);
  }
  CHECK(directory.names() == std::vector<std::string>{"file"});
  CHECK(directory.read("file") == "before");
}

TEST_CASE("what is no file stays where it is, a link is not followed") {
  const TemporaryDirectory folder;
  const OwnedDirectory directory = opened(folder / "state");
  SUBCASE("a directory") {
    fs::create_directory(folder / "state/file");
    CHECK_FALSE(publish(directory, "text", Durability::kLosable));
    CHECK(fs::is_directory(folder / "state/file"));
  }
  SUBCASE("a link") {
    support::write_file(folder / "other", "planted");
    fs::create_symlink(folder / "other", folder / "state/file");
    CHECK(publish(directory, "text", Durability::kLosable));
    CHECK(directory.read("file") == "text");
    CHECK(fs::file_size(folder / "other") == 7);
  }
  CHECK(directory.names() == std::vector<std::string>{"file"});
}

}  // namespace runner

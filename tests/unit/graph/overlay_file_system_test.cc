// The disk as it was before some files changed.
#include "graph/overlay_file_system.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/memory_file_system.h"

using graph::FileKind;
using graph::OverlayFileSystem;
using support::MemoryFileSystem;

namespace {

std::string names(graph::FileSystem& files, const std::string& directory) {
  const auto* entries = files.list(directory);
  if (entries == nullptr) return "-";
  std::string text;
  for (const graph::DirectoryEntry& entry : *entries) {
    text += (text.empty() ? "" : " ") + entry.name + (entry.kind == FileKind::kDirectory ? "/" : "");
  }
  return text;
}

}  // namespace

TEST_CASE("a file that changed holds what it held, whatever its path is written like") {
  MemoryFileSystem disk("/work", "a.py b.py");
  const graph::EarlierFiles earlier = {{"/work/a.py", "before"}};
  OverlayFileSystem then(disk, earlier, "/work");
  CHECK(*then.read("./a.py") == "before");
  CHECK(*then.read("/work/a.py") == "before");
  CHECK(*then.read("b.py") == "");
  CHECK(names(then, ".") == "a.py b.py");
}

TEST_CASE("a file that is new was not there, nor was a directory with nothing else in it") {
  MemoryFileSystem disk("/work", "a.py new/deep/c.py new/__pycache__/c.pyc new/.hidden old/d.py old/e.py");
  const graph::EarlierFiles earlier = {
      {"/work/a.py", std::nullopt}, {"/work/new/deep/c.py", std::nullopt}, {"/work/old/d.py", std::nullopt}};
  OverlayFileSystem then(disk, earlier, "/work");
  CHECK(names(then, "/work") == "old/");
  CHECK(names(then, "old") == "e.py");
  CHECK(then.kind("a.py") == FileKind::kMissing);
  CHECK(then.kind("new") == FileKind::kMissing);
  CHECK(then.kind("new/deep") == FileKind::kMissing);
  CHECK(names(then, "new") == "-");
  CHECK_FALSE(then.read("a.py").ok());
}

TEST_CASE("a file that is gone was there, with the directories it lay in") {
  MemoryFileSystem disk("/work", "a.py");
  const graph::EarlierFiles earlier = {{"/work/gone/deep/c.py", "c"}};
  OverlayFileSystem then(disk, earlier, "/work");
  CHECK(names(then, ".") == "a.py gone/");
  CHECK(names(then, "gone") == "deep/");
  CHECK(names(then, "gone/deep/") == "c.py");
  CHECK(then.kind("gone/deep/c.py") == FileKind::kFile);
  CHECK(then.kind("gone/") == FileKind::kDirectory);
  CHECK(then.kind("gone/deep/c.py/") == FileKind::kMissing);
}

TEST_CASE("a module and a package may have changed places") {
  MemoryFileSystem disk("/work", "p/__init__.py q.py");
  const graph::EarlierFiles earlier = {{"/work/p/__init__.py", std::nullopt},
                                       {"/work/p.py", "p"},
                                       {"/work/q.py", std::nullopt},
                                       {"/work/q/__init__.py", "q"}};
  OverlayFileSystem then(disk, earlier, "/work");
  CHECK(names(then, ".") == "p.py q/");
  CHECK(then.kind("p") == FileKind::kMissing);
  CHECK(then.kind("q.py") == FileKind::kMissing);
}

TEST_CASE("what did not change is asked of the disk") {
  MemoryFileSystem disk("/work", "lib/a.py b.py");
  const graph::EarlierFiles earlier = {{"/work/b.py", std::nullopt}};
  OverlayFileSystem then(disk, earlier, "/work");
  CHECK(names(then, "lib") == "a.py");
  CHECK(then.kind("lib/a.py") == FileKind::kFile);
  CHECK(then.kind("") == FileKind::kMissing);
}

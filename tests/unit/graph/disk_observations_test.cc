// Whether a later look at the disk would give what an earlier one gave.
#include "graph/disk_observations.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "graph/disk_file_system.h"
#include "graph/parallel_file_scanner.h"
#include "tests/support/temporary_directory.h"

namespace graph {
namespace {

namespace fs = std::filesystem;
using support::write_file;

// A small tree that a run has looked at, old enough for its time stamps to tell of every change.
class SeenTree {
 public:
  SeenTree() {
    fs::create_directories(root / "package" / "inner");
    write_file(root / "package" / "module.py", "x = 1\n");
    write_file(root / "package" / "py.typed", "");
    write_file(root / "package" / "source.py", "x = 1  # one\ny = 2\n");
    write_file(root / "notes.txt", "");
    fs::create_symlink("package", root / "link");
    fs::create_symlink("nowhere", root / "dangling.py");
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    DiskFileSystem files;
    for (const char* path : {"", "/package", "/package/inner", "/gone"}) files.list(at(path));
    files.kind(at("/script"));
    files.kind(at("/elsewhere/script.py"));
    REQUIRE(files.read(at("/package/py.typed")).ok());
    CHECK_FALSE(files.read(at("/no_such_file")).ok());
    ParallelFileScanner scanner(1, nullptr);
    const ScanRequest source{at("/package/source.py"), &target};
    scanner.scan({&source, 1});
    seen = files.observations();
    scanner.add_to(seen);
  }
  std::string at(const std::string& path) const { return root.path().string() + path; }
  bool holds_after(const std::function<void()>& change) const {
    change();
    DiskObservations now = seen;
    const bool hold = !look_again(now, 2, true).code;
    DiskObservations bare = without_stats();
    CHECK(look_again(bare, 1, true).code != hold);
    // What was seen the second time is what is there.
    CHECK(look_again(now, 1, true) == Refreshed{});
    return hold;
  }
  // What is kept of directories that had just changed.
  DiskObservations without_stats() const {
    DiskObservations bare = seen;
    for (SeenDirectory& directory : bare.directories) directory.stat.reset();
    return bare;
  }

  support::TemporaryDirectory root;
  ScanTarget target{};
  DiskObservations seen;
};

TEST_CASE("what nobody touched is seen as it was") {
  const SeenTree tree;
  CHECK(tree.seen.complete);
  CHECK(tree.holds_after([] {}));
}

TEST_CASE("whatever can decide how modules are found is noticed") {
  const SeenTree tree;
  const auto add = [&](const std::string& path) { write_file(tree.at(path), ""); };
  CHECK_FALSE(tree.holds_after([&] {
    SUBCASE("a new module") {
      add("/package/other.py");
    }
    SUBCASE("a new stub") {
      add("/package/module.pyi");
    }
    SUBCASE("a new package") {
      fs::create_directory(tree.at("/package/inner/deep"));
    }
    SUBCASE("a marker") {
      add("/package/inner/py.typed");
    }
    SUBCASE("a module that is gone") {
      fs::remove(tree.at("/package/module.py"));
    }
    SUBCASE("a renamed module") {
      fs::rename(tree.at("/package/module.py"), tree.at("/package/name.py"));
    }
    SUBCASE("a directory in place of a file") {
      fs::remove(tree.at("/package/module.py"));
      fs::create_directory(tree.at("/package/module.py"));
    }
    SUBCASE("a directory that is gone") {
      fs::remove(tree.at("/package/inner"));
    }
    SUBCASE("a directory that was not there") {
      fs::create_directory(tree.at("/gone"));
    }
    SUBCASE("what a link leads to") {
      fs::remove_all(tree.at("/package"));
      write_file(tree.at("/package"), "");
    }
    SUBCASE("what a link leads to now") {
      add("/nowhere");
    }
    SUBCASE("a file asked for by name") {
      add("/script");
    }
    SUBCASE("one in a directory that was not there") {
      fs::create_directory(tree.at("/elsewhere"));
      add("/elsewhere/script.py");
    }
    SUBCASE("the content of a file that was read") {
      write_file(tree.at("/package/py.typed"), "partial\n");
    }
    SUBCASE("a comment in a file that is no source") {
      write_file(tree.at("/package/py.typed"), "# nothing\n");
    }
    SUBCASE("a file that could not be read") {
      add("/no_such_file");
    }
    SUBCASE("a source") {
      write_file(tree.at("/package/source.py"), "x = 1\ny = 3\n");
    }
    SUBCASE("a source whose lines move") {
      write_file(tree.at("/package/source.py"), "x = 1\n# two\ny = 2\n");
    }
    SUBCASE("a comment that mypy reads") {
      write_file(tree.at("/package/source.py"), "x = 1\ny = 2  # type: ignore\n");
    }
    SUBCASE("a source that is gone") {
      fs::remove(tree.at("/package/source.py"));
    }
  }));
}

TEST_CASE("files that cannot be modules come and go") {
  const SeenTree tree;
  CHECK(tree.holds_after([&] {
    SUBCASE("new") {
      write_file(tree.at("/package/data.json"), "{}");
    }
    SUBCASE("hidden") {
      fs::create_directory(tree.at("/package/.cache"));
    }
    SUBCASE("gone") {
      fs::remove(tree.at("/notes.txt"));
    }
    SUBCASE("modules are another's business") {
      write_file(tree.at("/package/module.py"), "x = 2\n");
    }
  }));
}

TEST_CASE("comments, copies and new time stamps change nothing but stats") {
  const SeenTree tree;
  DiskObservations now = tree.seen;
  bool bytes = true;
  SUBCASE("a comment") {
    write_file(tree.at("/package/source.py"), "x = 1  # one, or more\ny = 2\n\n# the end\n");
  }
  SUBCASE("the same bytes") {
    write_file(tree.at("/package/source.py"), "x = 1  # one\ny = 2\n");
    bytes = false;
  }
  const DiskObservations before = now;
  CHECK(look_again(now, 1, true) == Refreshed{.stats = true, .bytes = bytes, .code = false});
  CHECK(now != before);
  // Without code digests every byte counts.
  DiskObservations strictly = tree.seen;
  CHECK(look_again(strictly, 1, false).code == bytes);
}

TEST_CASE("where only the shape of a source counts, its lines may move") {
  const SeenTree tree;
  DiskObservations by_code = tree.seen;
  DiskObservations by_shape = tree.seen;
  for (SeenFile& file : by_shape.files) file.by_shape = true;
  CHECK_FALSE(look_again(by_shape, 1, true).code);
  write_file(tree.at("/package/source.py"), "# A comment.\n\nx = 1\n\ny = 2\n");
  CHECK(look_again(by_code, 1, true).code);
  CHECK_FALSE(look_again(by_shape, 1, true).code);
  // It is still the shape that is compared.
  write_file(tree.at("/package/source.py"), "x = 1\n# Another comment.\ny = 2\n");
  CHECK_FALSE(look_again(by_shape, 1, true).code);
  write_file(tree.at("/package/source.py"), "x = 1\ny = 3\n");
  CHECK(look_again(by_shape, 1, true).code);
}

TEST_CASE("many observations are shared out between threads") {
  SeenTree tree;
  for (int i = 0; i < 2000; ++i)
    tree.seen.paths.push_back({tree.at("/no" + std::to_string(i)), FileKind::kMissing});
  CHECK_FALSE(look_again(tree.seen, 4, true).code);
  write_file(tree.at("/no1999"), "");
  CHECK(look_again(tree.seen, 4, true).code);
}

}  // namespace
}  // namespace graph

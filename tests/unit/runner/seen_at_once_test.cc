// Stamps older than a look tell that nothing changed while it lasted.
#include "runner/seen_at_once.h"

#include <doctest/doctest.h>

#include "graph/disk_file_system.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// A directory with a file, both last changed half a second past some second.
class Seen {
 public:
  Seen() {
    support::write_file(folder / "a.py", "x");
    graph::DiskFileSystem files;
    files.list(folder.path());
    static_cast<void>(files.read(folder / "a.py"));
    now = files.observations();
    const std::int64_t changed = stamp - kSecond / 2;
    graph::FileStat& directory = now.directories.at(0).stat.value();
    graph::FileStat& file = now.files.at(0).stat;
    for (std::int64_t* time : {&directory.mtime_ns, &directory.ctime_ns, &file.mtime_ns, &file.ctime_ns}) {
      *time = changed;
    }
  }
  bool at_once() const { return seen_at_once(now, {stamp, LookBeginning::now().elapsed_ns - elapsed}); }

  support::TemporaryDirectory folder;
  std::int64_t stamp = 1'700'000'000 * kSecond;
  std::int64_t elapsed = kSecond / 10;
  graph::DiskObservations now;
};

TEST_CASE("what bears older stamps was there when the look began") {
  Seen seen;
  CHECK(seen.at_once());
  seen.now.paths = {{"elsewhere/b.py", graph::FileKind::kMissing}};
  CHECK(seen.at_once());  // it says nothing of these

  graph::FileStat& directory = *seen.now.directories[0].stat;
  graph::FileStat& file = seen.now.files[0].stat;
  SUBCASE("a file that changed at its beginning") {
    file.mtime_ns = seen.stamp + 1;
  }
  SUBCASE("a file that was put in the place of another, with its old time") {
    file.ctime_ns = seen.stamp + 1;
  }
  SUBCASE("a directory") {
    directory.mtime_ns = directory.ctime_ns = seen.stamp + 1;
  }
  SUBCASE("in the same tick of the clock") {
    seen.stamp += 5;
    file.mtime_ns = file.ctime_ns = seen.stamp;
  }
  SUBCASE("the second before, where a file system keeps whole ones") {
    file.mtime_ns = file.ctime_ns = seen.stamp - kSecond;
  }
  SUBCASE("a file that was not read") {
    file = {};
  }
  SUBCASE("a directory that changed while it was listed") {
    seen.now.directories[0].stat.reset();
  }
  SUBCASE("a file on a file system whose clock is not known") {
    file.device += 1;
    seen.now.files[0].path = "/proc/self/status";
  }
  SUBCASE("a look that began long ago") {
    seen.elapsed = 2 * kSecond;
  }
  CHECK_FALSE(seen.at_once());
}

TEST_CASE("a beginning is read from the clock that stamps files") {
  const support::TemporaryDirectory folder;
  const LookBeginning before = LookBeginning::now();
  support::write_file(folder / "a.py", "x");
  graph::DiskFileSystem files;
  static_cast<void>(files.read(folder / "a.py"));
  const std::int64_t stamp = files.observations().files.at(0).stat.mtime_ns;
  CHECK(stamp >= before.stamp_ns);
  CHECK_FALSE(seen_at_once(files.observations(), before));
}

}  // namespace
}  // namespace runner

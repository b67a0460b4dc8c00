// A run that is over looks once more at what it saw.
#include "graph/disk_changes.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "graph/disk_file_system.h"
#include "tests/support/temporary_directory.h"

namespace graph {
namespace {

namespace fs = std::filesystem;
using support::TemporaryDirectory;
using support::write_file;

std::optional<std::string> find_change(const DiskObservations& seen,
                                       ChangeSearch::Extent extent = ChangeSearch::Extent::kAll) {
  ChangeSearch search(seen, extent);
  search.help();
  search.help();  // who comes late finds nothing to do
  return search.found();
}

TEST_CASE("whatever was seen is compared with what is there") {
  const TemporaryDirectory folder;
  write_file(folder / "a.py", "x");
  fs::create_directory(folder / "package");
  DiskFileSystem files;
  files.list(folder.path());
  files.kind(folder / "elsewhere/b.py");
  static_cast<void>(files.read(folder / "a.py"));
  static_cast<void>(files.read(folder / "gone.py"));
  const DiskObservations seen = files.observations();
  CHECK_FALSE(find_change(seen).has_value());

  SUBCASE("a file that cannot matter") {
    write_file(folder / "notes.txt", "");
    CHECK_FALSE(find_change(seen).has_value());
  }
  SUBCASE("an edit") {
    write_file(folder / "a.py", "xy");
    CHECK(find_change(seen) == folder / "a.py");
  }
  SUBCASE("what bears a stamp may be left out") {
    write_file(folder / "a.py", "xy");
    write_file(folder / "b.py", "");
    CHECK_FALSE(find_change(seen, ChangeSearch::Extent::kPaths).has_value());
    fs::create_directory(folder / "elsewhere");
    write_file(folder / "elsewhere/b.py", "");
    CHECK(find_change(seen, ChangeSearch::Extent::kPaths) == folder / "elsewhere/b.py");
  }
  SUBCASE("a file deleted") {
    fs::remove(folder / "a.py");
    CHECK(find_change(seen) == folder / "a.py");
  }
  SUBCASE("a file that became a directory") {
    fs::remove(folder / "a.py");
    fs::create_directory(folder / "a.py");
    CHECK(find_change(seen) == folder / "a.py");
  }
  SUBCASE("a new module") {
    write_file(folder / "b.py", "");
    CHECK(find_change(seen) == folder.path());
  }
  SUBCASE("a file that was not there") {
    fs::create_directory(folder / "elsewhere");
    write_file(folder / "elsewhere/b.py", "");
    CHECK(find_change(seen).has_value());
  }
  SUBCASE("a file that could not be read") {
    write_file(folder / "gone.py", "");
    CHECK(find_change(seen).has_value());
  }
}

}  // namespace
}  // namespace graph

#include "runner/report_paths.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

TEST_CASE("paths are relative to the working directory where that is the root") {
  const ReportPaths paths("/repo", "/repo");
  CHECK(paths.in_repository("src/a.py") == "src/a.py");
  CHECK(paths.in_repository("./src/../b.py") == "b.py");
  CHECK(paths.in_repository("/repo/src/a.py") == "src/a.py");
}

TEST_CASE("below the root of the repository its folder comes first") {
  const ReportPaths paths("/repo/back/end", "/repo/");
  CHECK(paths.in_repository("a.py") == "back/end/a.py");
  CHECK(paths.in_repository("../a.py") == "back/a.py");
  CHECK(paths.uri("../../a b.py") == "a%20b.py");
}

TEST_CASE("a file elsewhere has its absolute path") {
  const ReportPaths paths("/repo", "/repo");
  CHECK(paths.in_repository("../a.py") == "/a.py");
  CHECK(paths.uri("/else/a b.py") == "file:///else/a%20b.py");
  CHECK(paths.uri("/repository/a.py") == "file:///repository/a.py");
}

TEST_CASE("a root that does not hold the working directory is none") {
  CHECK(ReportPaths("/repo", "/other").in_repository("a.py") == "a.py");
  CHECK(ReportPaths("/repo", "relative").in_repository("a.py") == "a.py");
  CHECK(ReportPaths("/repo2", "/repo").in_repository("a.py") == "a.py");
  CHECK(ReportPaths("/", "/").in_repository("a.py") == "a.py");
}

}  // namespace
}  // namespace runner

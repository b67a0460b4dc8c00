// Canonical paths agree between checkouts and never meet within a run.
#include "graph/canonical_path.h"

#include <doctest/doctest.h>

#include "tests/support/memory_file_system.h"

using graph::CanonicalPaths;
using support::MemoryFileSystem;

namespace {

CanonicalPaths paths_of(const std::string& root, const std::string& venv) {
  MemoryFileSystem files(root, venv + "/site/ /shared/editable/ /shared/stubs/ /mypy/stdlib/");
  return CanonicalPaths(root,
                        {.python_path = {},
                         .mypy_path = {root + "/stubs", "/shared/stubs"},
                         .package_path = {"/nowhere", venv + "/site", "/shared/editable", venv + "/site"},
                         .typeshed_path = {"/mypy/stdlib", "/mypy/stubs/librt"}},
                        files);
}

}  // namespace

TEST_CASE("two checkouts with their environments elsewhere agree") {
  const CanonicalPaths here = paths_of("/home/a/repo", "/home/a/repo/.venv");
  const CanonicalPaths there = paths_of("/ci/build", "/opt/env");
  CHECK(here("src/m.py") == "@root/src/m.py");
  CHECK(here("/home/a/repo/src/m.py") == there("/ci/build/src/m.py"));
  CHECK(here("/home/a/repo/.venv/site/p/m.py") == "@site/p/m.py");
  CHECK(there("/opt/env/site/p/m.py") == "@site/p/m.py");
}

TEST_CASE("directories of one role are told apart, those that do not exist take no number") {
  const CanonicalPaths paths = paths_of("/repo", "/env");
  CHECK(paths("/env/site/m.py") == "@site/m.py");
  CHECK(paths("/shared/editable/m.py") == "@site2/m.py");
  CHECK(paths("/mypy/stdlib/m.pyi") == "@typeshed/m.pyi");
  CHECK(paths("/mypy/stubs/librt/m.pyi") == "@typeshed2/m.pyi");
}

TEST_CASE("mypy_path directories have a name of their own outside of the checkout") {
  const CanonicalPaths paths = paths_of("/repo", "/env");
  CHECK(paths("/repo/stubs/m.pyi") == "@root/stubs/m.pyi");
  CHECK(paths("/shared/stubs/m.pyi") == "@path/m.pyi");
}

TEST_CASE("other paths stay absolute and are not relocatable") {
  const CanonicalPaths paths = paths_of("/repo", "/env");
  CHECK(paths("../other/m.py") == "/other/m.py");
  CHECK(paths("/repository/m.py") == "/repository/m.py");
  CHECK_FALSE(CanonicalPaths::is_relocatable(paths("../other/m.py")));
  CHECK(CanonicalPaths::is_relocatable(paths("m.py")));
}

TEST_CASE("a directory itself, repeated slashes and a root directory") {
  const CanonicalPaths paths = paths_of("/repo", "/env");
  CHECK(paths("/env/site//m.py") == "@site/m.py");
  CHECK(paths(".") == "@root");
  CHECK(paths_of("/", "/env")("/m.py") == "@root/m.py");
}

// Paths named the same way in every checkout.
#include "runner/path_names.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

const PathNames kHere({"/home/ann/work/app", "/home/ann/work/app/.venv", "/home/ann"});
const PathNames kThere({"/builds/7/app", "/opt/env", "/ci"});

TEST_CASE("a path below a directory of the run has a name, and the name a path elsewhere") {
  struct Case {
    const char* here;
    const char* name;
    const char* there;
  };
  for (const Case& one : {
           Case{"src/a.py", "src/a.py", "src/a.py"},
           Case{"../b.py", "../b.py", "../b.py"},
           Case{"/home/ann/work/app", "@{root}", "/builds/7/app"},
           Case{"/home/ann/work/app/src/a.py", "@{root}/src/a.py", "/builds/7/app/src/a.py"},
           Case{"/home/ann/work/app/.venv/lib/x.pyi", "@{environment}/lib/x.pyi", "/opt/env/lib/x.pyi"},
           Case{"/home/ann/.mypy.ini", "@{home}/.mypy.ini", "/ci/.mypy.ini"},
           Case{"/usr/lib/python3/x.py", "/usr/lib/python3/x.py", "/usr/lib/python3/x.py"},
           Case{"/usr", "@{root}/../../../../usr", "/usr"},
       }) {
    CAPTURE(one.here);
    CHECK(kHere.name_of(one.here) == one.name);
    CHECK(kHere.path_of(one.name) == one.here);
    if (std::string_view(one.here) != "/usr") CHECK(kThere.path_of(one.name) == one.there);
  }
}

TEST_CASE("directories above the working directory are named from there") {
  const PathNames names({"/a/b/c", "/env", ""});
  CHECK(names.name_of("/a/b") == "@{root}/..");
  CHECK(names.name_of("/a/b/__init__.py") == "@{root}/../__init__.py");
  CHECK(names.name_of("/a") == "@{root}/../..");
  CHECK(names.name_of("/") == "@{root}/../../..");
  CHECK(names.path_of("@{root}/../..") == "/a");
  CHECK(names.path_of("@{root}/../../..") == "/");
  CHECK(names.path_of("@{root}/../../../x") == "/x");
  // Not the directory of this name, only what begins like it.
  CHECK(names.name_of("/a/b/cd/e.py") == "/a/b/cd/e.py");
}

TEST_CASE("what looks like a name is not named") {
  CHECK_FALSE(kHere.name_of("@{root}/a.py").has_value());
}

TEST_CASE("texts that tell where something lies are found") {
  CHECK(kHere.occur_in("/home/ann/work/app/a.py:1: error"));
  CHECK_FALSE(kHere.occur_in("src/a.py:1: error"));
}

}  // namespace
}  // namespace runner

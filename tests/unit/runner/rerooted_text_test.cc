// mypy's text from a folder below, as it is seen from above.
#include "runner/rerooted_text.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

std::string moved(const std::string& text, const std::string& prefix = "services/a") {
  return rerooted(text, prefix, [](const std::string& path) {
    return path == "x.py" || path == "../lib/y.py" || path == "/abs/z.py" || path == "mypy.ini" ||
           path == "odd: name.py";
  });
}

TEST_CASE("paths of messages lead from here") {
  CHECK(moved("x.py:1: error: No\n") == "services/a/x.py:1: error: No\n");
  CHECK(moved("../lib/y.py:1:2: note: x.py:3 too\n") == "services/lib/y.py:1:2: note: x.py:3 too\n");
  CHECK(moved("mypy.ini: note: unused\n") == "services/a/mypy.ini: note: unused\n");
  CHECK(moved("odd: name.py:1: error: No\n") == "services/a/odd: name.py:1: error: No\n");
}

TEST_CASE("absolute paths and text without a path stay") {
  CHECK(moved("/abs/z.py:1: error: No\n    def f(x: int): ...\n    ^\n") ==
        "/abs/z.py:1: error: No\n    def f(x: int): ...\n    ^\n");
}

TEST_CASE("the summary says whose it is") {
  CHECK(moved("Found 1 error in 1 file (checked 2 source files)\n") ==
        "services/a: Found 1 error in 1 file (checked 2 source files)\n");
  CHECK(moved("Success: no issues found in 1 source file\n", ".") ==
        ".: Success: no issues found in 1 source file\n");
}

TEST_CASE("JSON") {
  CHECK(moved("{\"file\": \"x.py\", \"line\": 1}\n") == "{\"file\": \"services/a/x.py\", \"line\": 1}\n");
  CHECK(moved("{\"file\": \"/abs/z.py\", \"line\": 1}\n") == "{\"file\": \"/abs/z.py\", \"line\": 1}\n");
}

TEST_CASE("from the folder itself nothing changes but the summary") {
  CHECK(moved("x.py:1: error: No", ".") == "x.py:1: error: No");
}

}  // namespace
}  // namespace runner

// Paths as Python's posixpath computes them.
#include "graph/posix_path.h"

#include <doctest/doctest.h>

namespace posix_path = graph::posix_path;

TEST_CASE("splitting keeps a head of slashes only") {
  CHECK(posix_path::split("/a/b") == std::pair<std::string_view, std::string_view>("/a", "b"));
  CHECK(posix_path::split("/a//b") == std::pair<std::string_view, std::string_view>("/a", "b"));
  CHECK(posix_path::split("//b") == std::pair<std::string_view, std::string_view>("//", "b"));
  CHECK(posix_path::split("b") == std::pair<std::string_view, std::string_view>("", "b"));
  CHECK(posix_path::dirname("a/") == "a");
}

TEST_CASE("extensions start at the last dot, never at leading ones") {
  CHECK(posix_path::split_extension("a.b.py").first == "a.b");
  CHECK(posix_path::split_extension(".py").second == "");
  CHECK(posix_path::split_extension("..a.py").second == ".py");
  CHECK(posix_path::split_extension("x.d/name").second == "");
}

TEST_CASE("normalising goes by text") {
  CHECK(posix_path::normalise("") == ".");
  CHECK(posix_path::normalise("./a//b/../c/") == "a/c");
  CHECK(posix_path::normalise("../../a") == "../../a");
  CHECK(posix_path::normalise("/../a") == "/a");
  CHECK(posix_path::normalise("//a") == "//a");
  CHECK(posix_path::normalise("///a") == "/a");
}

TEST_CASE("relative paths climb to the common directory") {
  CHECK(posix_path::relative("/w/a/b", "/w") == "a/b");
  CHECK(posix_path::relative("/x/b", "/w/a") == "../../x/b");
  CHECK(posix_path::relative("/w", "/w") == ".");
}

TEST_CASE("a path lies below whole names, and not below itself") {
  CHECK(posix_path::lies_below("/a/b", "/a"));
  CHECK(posix_path::lies_below("/a", "/"));
  CHECK_FALSE(posix_path::lies_below("/ab", "/a"));
  CHECK_FALSE(posix_path::lies_below("/a", "/a"));
}

// What mypy reads off the path of a module.
#include "graph/module_path.h"

#include <doctest/doctest.h>

TEST_CASE("a dot in the stem cuts a module off from packages") {
  CHECK_FALSE(graph::has_dotted_stem("p/__init__.py"));
  CHECK_FALSE(graph::has_dotted_stem("a.b/m.pyi"));
  CHECK_FALSE(graph::has_dotted_stem("plain"));
  CHECK(graph::has_dotted_stem("p/a.b.py"));
  CHECK(graph::has_dotted_stem(".py"));
  CHECK(graph::has_dotted_stem("p/.hidden.py"));
}

TEST_CASE("relative paths become absolute and lose their detours, absolute ones stay") {
  CHECK(graph::absolute_path("/w", "p/m.py") == "/w/p/m.py");
  CHECK(graph::absolute_path("/w", "./p//../m.py") == "/w/m.py");
  CHECK(graph::absolute_path("/w", "../m.py") == "/m.py");
  CHECK(graph::absolute_path("/w", "p/.m.py") == "/w/p/.m.py");
  CHECK(graph::absolute_path("/", "m.py") == "/m.py");
  CHECK(graph::absolute_path("/w", "/x//a/../m.py") == "/x//a/../m.py");
}

TEST_CASE("packages and stubs") {
  CHECK(graph::is_package_file("p/__init__.py"));
  CHECK_FALSE(graph::is_package_file("p/x__init__.py"));
  CHECK(graph::is_package_stub("__init__.pyi"));
  CHECK_FALSE(graph::is_package_stub("p/__init__.py"));
  CHECK(graph::lies_in_stub_package("/s/a-stubs/m.pyi"));
  CHECK_FALSE(graph::lies_in_stub_package("/s/a-stubs/b/m.pyi"));
}

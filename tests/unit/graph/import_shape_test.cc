// What an edit may do to a source without another module graph coming of it.
#include "graph/import_shape.h"

#include <doctest/doctest.h>

#include <string>

namespace graph {
namespace {

ImportShape shape_of(const std::string& source) {
  return import_shape(scan_imports(source, {}));
}

TEST_CASE("bodies, comments and values do not change the shape of imports") {
  const ImportShape before = shape_of("import a\n\ndef f():\n    return 1\n");
  CHECK(shape_of("import a\n\ndef f():\n    # why\n    return 2\n") == before);
  CHECK(before.lines == std::vector<std::uint32_t>{1});
}

TEST_CASE("whatever decides about edges changes the digest") {
  const Digest before = shape_of("from a import b\n").digest;
  for (const std::string source :
       {"from a import c\n", "from a import b, c\n", "from .a import b\n", "from a import *\n", "import a\n",
        "def f():\n    from a import b\n", "if 1:\n    pass\n", "# mypy: ignore-errors\nfrom a import b\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b\n",
        "from a import b\ndef __getattr__(name): ...\n"}) {
    CAPTURE(source);
    CHECK(shape_of(source).digest != before);
  }
}

TEST_CASE("imports that only moved are followed to their lines") {
  const ImportShape before = shape_of("x = 1\nimport a\ndef f():\n    import b\n");
  const ImportShape now = shape_of("x = 1\ny = 2\nimport a\ndef f():\n\n    import b\n");
  CHECK(now.digest == before.digest);
  CHECK(moved_lines(before, now) == MovedLines{{2, 3}, {4, 6}});
}

TEST_CASE("lines that do not tell where an import went are refused") {
  const ImportShape before = shape_of("x = 1\nimport a; import b\n");
  CHECK_FALSE(moved_lines(before, shape_of("x = 1\nimport a\nimport b\n")).has_value());
  // Implicit imports stand on the first line, whatever is there.
  const ImportShape first = shape_of("import a\n");
  CHECK_FALSE(moved_lines(first, shape_of("\nimport a\n")).has_value());
  CHECK_FALSE(moved_lines(shape_of("\nimport a\n"), first).has_value());
  CHECK(moved_lines(first, first) == MovedLines{{1, 1}});
}

}  // namespace
}  // namespace graph

// What of a source counts: its code without comments, its shape without empty lines.
#include <doctest/doctest.h>

#include <string_view>

#include "graph/import_scanner.h"

namespace {

const graph::ScanTarget kTarget{
    .python_major = 3, .python_minor = 14, .platform = "linux", .always_true = {}, .always_false = {}};

TEST_CASE("comments that mean nothing are not part of the code, positions are") {
  const auto code = [](std::string_view source) {
    return graph::scan_source(source, kTarget).digests.value().code;
  };
  const std::string_view base = "def f(a):\n    return a\n";
  for (const char* same : {
           "def f(a):  # why\n    return a\n",
           "def f(a):# why\n    return a\n\n\n",
           "def f(a):\n    return a # first\n# last",
           "def f(a):  \t# noqa: E501\n    return a\n    \n",
       }) {
    CAPTURE(same);
    CHECK(code(same) == code(base));
  }
  for (const char* other : {
           "def f(a):\n    return b\n",
           "def f(a):\n\n    return a\n",       // lines move
           "# why\ndef f(a):\n    return a\n",  // here too
           "def f( a):\n    return a\n",        // columns move
           "def f(a):  # type: (int) -> int\n    return a\n",
           "def f(a):\n    return a  # type: ignore\n",
           "def f(a):\n    return a\n# mypy: strict\n",
           "def f(a):\n    return a\n'# text'\n",
       }) {
    CAPTURE(other);
    CHECK(code(other) != code(base));
  }
  // In strings and around continued lines a # or a line's end means something else.
  CHECK(code("x = '# a'\n") != code("x = '# b'\n"));
  CHECK(code("x = \"\"\"\n# a\n\"\"\"\n") != code("x = \"\"\"\n# b\n\"\"\"\n"));
  CHECK(code("x = (1,  # a\n     2)\n") == code("x = (1,\n     2)  # b\n"));
  CHECK(code("# coding: utf-8\nx = 1\n") != code("# nothing\nx = 1\n"));
}

TEST_CASE("there is no code digest where the text is not what mypy reads") {
  for (const char* source : {"", "# only this\n", "x = 1\r\n", "x = (\n", "if x:\n"}) {
    CAPTURE(source);
    CHECK_FALSE(graph::scan_source(source, kTarget).digests.has_value());
  }
  // Nor is it ever the digest of a file's bytes.
  const graph::CodeDigests digests = graph::scan_source("x = 1", kTarget).digests.value();
  CHECK(digests.code != graph::sha256("x = 1"));
  CHECK(digests.shape != graph::sha256("x = 1"));
}

TEST_CASE("lines that hold nothing are not part of the shape") {
  const auto shape = [](std::string_view source) {
    return graph::scan_source(source, kTarget).digests.value().shape;
  };
  const std::string_view base = "def f(a):\n    return a\n";
  for (const char* same : {
           "# why\ndef f(a):\n    return a\n",
           "\n\n  # why\n\ndef f(a):  # what\n\n# in between\n \t\n    return a\n",
           "def f(a):\n    # first\n    # second  \n    return a  # third\n\n# last",
           "def f(a):\n\f\n    return a\n",
       }) {
    CAPTURE(same);
    CHECK(shape(same) == shape(base));
  }
  for (const char* other : {
           "def f(a):\n    return  a\n",
           "def f(a):\n      return a\n",
           "def f(a): return a\n",
           "def f(a):\n    return \\\n        a\n",
           "\\\ndef f(a):\n    return a\n",
           "# type: ignore\ndef f(a):\n    return a\n",
           "def f(a):\n    # type: (int) -> int\n    return a\n",
           "# mypy: strict\n\ndef f(a):\n    return a\n",
       }) {
    CAPTURE(other);
    CHECK(shape(other) != shape(base));
  }
  // Within a string, in brackets, behind a backslash: part of a statement.
  CHECK(shape("x = '''\n\n'''\n") != shape("x = '''\n'''\n"));
  CHECK(shape("x = f'''{1}\n# a\n'''\n") != shape("x = f'''{1}\n'''\n"));
  CHECK(shape("x = (1,\n\n     2)\n") != shape("x = (1,\n     2)\n"));
  // Around a comment that mypy reads, every line counts.
  CHECK(shape("x = 1\n# type: ignore\n\ny = 2\n") != shape("x = 1\n\n# type: ignore\ny = 2\n"));
  CHECK(shape("x = 1\n\n# type: ignore\ny = 2\n") != shape("x = 1\n# type: ignore\ny = 2\n"));
  CHECK(shape("x = 1  # type: ignore\n\ny = 2\n") == shape("x = 1  # type: ignore\n# more\ny = 2\n"));
  CHECK(shape("x = 1\n\n# type: ignore\n\ny = 2\n\nz = 3\n") ==
        shape("x = 1\n\n# type: ignore\n\ny = 2\nz = 3\n"));
}

}  // namespace

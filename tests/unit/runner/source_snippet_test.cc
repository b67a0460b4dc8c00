// Tests of how source files become the lines that --pretty shows.
#include "runner/source_snippet.h"

#include <doctest/doctest.h>

#include "runner/code_points.h"

using Lines = std::vector<std::string>;

TEST_CASE("lines end where Python's splitlines ends them") {
  CHECK(*runner::decoded_source_lines("a\nb\r\nc\rd\fe\u2028f\x1ch") ==
        Lines{"a", "b", "c", "d", "e", "f", "h"});
  CHECK(*runner::decoded_source_lines("a\n\n") == Lines{"a", ""});
  CHECK(runner::decoded_source_lines("")->empty());
}

TEST_CASE("a byte order mark or a coding comment in the first two lines decides") {
  CHECK(*runner::decoded_source_lines("\xEF\xBB\xBF\u00e9") == Lines{"\u00e9"});
  CHECK(*runner::decoded_source_lines("# coding: latin-1\n\xE9") == Lines{"# coding: latin-1", "\u00e9"});
  CHECK(*runner::decoded_source_lines("#!x\n# vim: fileencoding=cp1252 :\n\x80") ==
        Lines{"#!x", "# vim: fileencoding=cp1252 :", "\u20ac"});
  CHECK_FALSE(runner::decoded_source_lines("x\n# coding: latin-1\n\xE9"));
}

TEST_CASE("what cannot be decoded has no lines") {
  CHECK_FALSE(runner::decoded_source_lines("\xFF"));
  CHECK_FALSE(runner::decoded_source_lines("\xED\xA0\x80"));
  CHECK_FALSE(runner::decoded_source_lines("# coding: no-such-codec\nx"));
}

TEST_CASE("bytes that are no UTF-8 count one each") {
  CHECK(runner::code_point_count("a\u00e9\u65e5\U0001F389") == 4);
  CHECK(runner::code_point_count("\xED\xA0\x80") == 1);  // a lone surrogate
  CHECK(runner::code_point_count("\xC0\x80\xF5\xE6\x97") == 5);
  CHECK(runner::head("\u00e9\u00e9x", -1) == "\u00e9\u00e9");
  CHECK(runner::slice("\u00e9\u00e9xyz", 1, 3) == "\u00e9x");
}

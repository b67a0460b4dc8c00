#include "runner/visible_text.h"

#include <doctest/doctest.h>

using runner::visible_text;

TEST_CASE("letters of any script, line ends and tabs stay as they are") {
  CHECK(visible_text("caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x8E\x89\n\tend") ==
        "caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x8E\x89\n\tend");
  CHECK(visible_text("").empty());
}

TEST_CASE("what would command a terminal is spelled out") {
  CHECK(visible_text("a\x1b[31mred") == "a\\x1b[31mred");
  CHECK(visible_text("\x07\r\x7f") == "\\x07\\x0d\\x7f");
  CHECK(visible_text("\xC2\x9B"
                     "31m") == "\\x9b31m");  // the other way to begin a sequence
}

TEST_CASE("bytes that are no UTF-8 are spelled out") {
  CHECK(visible_text("a\xFF\x9B"
                     "b") == "a\\xff\\x9bb");
  CHECK(visible_text("cut \xE4\xB8") == "cut \\xe4\\xb8");
}

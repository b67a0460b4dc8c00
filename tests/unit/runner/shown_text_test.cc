#include "runner/shown_text.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

TEST_CASE("text without control characters is shown as it is") {
  CHECK(shown_text("a \"b\" ]]> <c> % ä 😀") == "a \"b\" ]]> <c> % ä 😀");
  CHECK(shown_text("two\n\tlines") == "two\n\tlines");
}

TEST_CASE("control characters become visible") {
  CHECK(shown_text("\x1b[31mred\x07\r") == "\\x1b[31mred\\x07\\x0d");
  CHECK(shown_text(std::string("nul\0!", 5)) == "nul\\x00!");
  CHECK(shown_text("\x7f") == "\\x7f");
  CHECK(shown_text("\xc2\x9b") == "\\x9b");  // CSI as one code point
}

TEST_CASE("what is no character is replaced") {
  CHECK(shown_text("a\xff\xfe") == "a\uFFFD\uFFFD");
  CHECK(shown_text("\xed\xa0\x80") == "\uFFFD");  // a surrogate
  CHECK(shown_text("\xef\xbf\xbf") == "\uFFFD");  // U+FFFF
  CHECK(shown_text("\xef\xb7\x90") == "\uFFFD");  // U+FDD0
  CHECK(shown_text("cut \xf0\x9f\x98") == "cut \uFFFD\uFFFD\uFFFD");
}

TEST_CASE("a line has no line ends") {
  CHECK(shown_line("a\nb\tc\r\n") == "a b c\\x0d ");
}

TEST_CASE("nothing in XML is markup or normalised away") {
  CHECK(xml_text("<a b=\"c\"> & ]]>\n\t'") == "&lt;a b=&quot;c&quot;&gt; &amp; ]]&gt;&#10;&#9;'");
  CHECK(xml_text("\x1b\xff") == "\\x1b\uFFFD");
}

TEST_CASE("nothing in Markdown is markup") {
  CHECK(markdown_text("plain, (text) = 1 ä") == "plain, (text) = 1 ä");
  CHECK(markdown_text("a|b") == "a&#124;b");
  CHECK(markdown_text("[x](y) `z` *w* <b> @me #1 http://h\nn") ==
        "&#91;x&#93;(y) &#96;z&#96; &#42;w&#42; &#60;b&#62; &#64;me &#35;1 http&#58;//h n");
}

TEST_CASE("in a URI only unreserved characters and slashes stay") {
  CHECK(percent_encoded("src/a-b_c.~1.py") == "src/a-b_c.~1.py");
  CHECK(percent_encoded("a b#c?d%e:f[g]") == "a%20b%23c%3Fd%25e%3Af%5Bg%5D");
  CHECK(percent_encoded("ä\xff") == "%C3%A4%FF");
}

}  // namespace
}  // namespace runner

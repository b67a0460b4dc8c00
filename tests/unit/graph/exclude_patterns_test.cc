// Which regular expressions are taken, and what they become.
#include "graph/exclude_patterns.h"

#include <doctest/doctest.h>

using graph::ExcludePatterns;

TEST_CASE("taken patterns are searched for anywhere in the text") {
  const ExcludePatterns patterns({"^tests/", R"((^|/)gen_[^/]*\.pyi?$)"});
  REQUIRE_FALSE(patterns.doubt());
  CHECK(patterns.found_in("tests/") == true);
  CHECK(patterns.found_in("a/tests/") == false);
  CHECK(patterns.found_in("a/gen_x.py") == true);
  CHECK(patterns.found_in("a/gen_x.pyc") == false);
}

TEST_CASE("the end is the end of the text or a last newline, \\Z only the end") {
  CHECK(ExcludePatterns({"a$"}).found_in("a\n") == true);
  CHECK(ExcludePatterns({R"(a\Z)"}).found_in("a\n") == false);
}

TEST_CASE("a verbose pattern may be laid out with comments") {
  const ExcludePatterns patterns({"(?x)(\n  ^one\\.py$  # the first\n  | two\\ three\n)"});
  CHECK(patterns.found_in("one.py") == true);
  CHECK(patterns.found_in("two three") == true);
  CHECK(patterns.found_in("the first") == false);
}

TEST_CASE("classes of letters are judged on plain text only") {
  const ExcludePatterns patterns({R"(^\w+$)"});
  CHECK(patterns.found_in("abc") == true);
  CHECK_FALSE(patterns.found_in("\xC3\xA9").has_value());
  CHECK(ExcludePatterns({"^.$"}).found_in("\xC3\xA9") == true);
}

TEST_CASE("what the engines may see differently is not taken") {
  for (const char* pattern :
       {"(?i)a", R"((a)\1)",    "(?<!a)b",  "(?P<n>a)",  "a++", "a**",    "(a*)*",   "(?:)+",
        "^*",    "*a",          "a{2}{3}",  "{",         "a{",  "a{3,2}", "a{1001}", "[",
        "[b-a]", "[[:alpha:]]", "[a&&b]",   R"([\w-a])", "(",   ")",      "\\",      R"(\B)",
        R"(\z)", R"(\x41)",     R"(\p{L})", "(*UTF)a",   "\xFF"}) {
    CAPTURE(pattern);
    CHECK(ExcludePatterns({pattern}).doubt().has_value());
  }
}

TEST_CASE("text that backtracks without end is left undecided") {
  const ExcludePatterns patterns({"^(?:a|aa|a.)+$"});
  REQUIRE_FALSE(patterns.doubt());
  const std::string text = std::string(200, 'a') + "/\nb";
  CHECK(patterns.found_in(text) != true);
}

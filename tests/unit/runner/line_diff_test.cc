// Differences of texts, as `diff -u` shows them.
#include "runner/line_diff.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

using Lines = std::vector<std::string>;

// One line for each character.
Lines lines(std::string_view text) {
  Lines result;
  for (const char c : text) result.emplace_back(1, c);
  return result;
}

std::string marks(std::string_view before, std::string_view after) {
  const Lines a = lines(before), b = lines(after);
  std::string text;
  for (const LineEdit& edit : diff_lines(a, b)) {
    text += edit.mark;
    text += edit.line;
  }
  return text;
}

std::string unified(const Lines& before, const Lines& after) {
  return unified_diff(diff_lines(before, after), "old", "new");
}

TEST_CASE("a shortest way, deletions first") {
  CHECK(marks("", "").empty());
  CHECK(marks("ab", "ab") == " a b");
  CHECK(marks("", "ab") == "+a+b");
  CHECK(marks("ab", "") == "-a-b");
  CHECK(marks("ac", "abc") == " a+b c");
  CHECK(marks("abc", "ac") == " a-b c");
  CHECK(marks("axc", "ayc") == " a-x+y c");
  CHECK(marks("abcabba", "cbabac").size() == 2 * 9);  // five differences, four lines kept
}

TEST_CASE("equal texts have no unified diff") {
  CHECK(unified({}, {}).empty());
  CHECK(unified({"a", "b"}, {"a", "b"}).empty());
}

TEST_CASE("hunks have three lines of context and say where they are") {
  CHECK(unified(lines("abcdefgh"), lines("abcdXfgh")) ==
        "--- old\n+++ new\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n");
  CHECK(unified(lines("a"), lines("b")) == "--- old\n+++ new\n@@ -1 +1 @@\n-a\n+b\n");
  CHECK(unified({}, lines("a")) == "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n");
}

TEST_CASE("changes that are near share a hunk, others do not") {
  CHECK(unified(lines("X123456Y"), lines("123456")) ==
        "--- old\n+++ new\n@@ -1,8 +1,6 @@\n-X\n 1\n 2\n 3\n 4\n 5\n 6\n-Y\n");
  CHECK(unified(lines("X1234567Y"), lines("1234567")) ==
        "--- old\n+++ new\n@@ -1,4 +1,3 @@\n-X\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-Y\n");
}

TEST_CASE("texts that differ nearly everywhere are still compared") {
  Lines before, after;
  for (int i = 0; i < kMaxDifferences; ++i) {
    before.push_back("old " + std::to_string(i));
    after.push_back("new " + std::to_string(i));
  }
  before.emplace_back("same");
  after.emplace_back("same");
  const std::vector<LineEdit> edits = diff_lines(before, after);
  REQUIRE(edits.size() == 2 * kMaxDifferences + 1);
  CHECK(edits.front() == LineEdit{'-', "old 0"});
  CHECK(edits.back() == LineEdit{' ', "same"});
}

}  // namespace
}  // namespace runner

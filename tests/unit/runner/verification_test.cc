// When two answers are the same, and what is said when they are not.
#include "runner/verification.h"

#include <doctest/doctest.h>

#include "runner/plain_mypy.h"

namespace runner {
namespace {

using Lines = std::vector<std::string>;

PrintedAnswer printed(std::string text, int code = 1) {
  return {code, std::move(text), ""};
}

AnswerDifference compared(const PrintedAnswer& mypy, const PrintedAnswer& typewave) {
  return compare_answers(mypy, typewave, {});
}

bool same(const std::string& mypy, const std::string& typewave) {
  return compared(printed(mypy), printed(typewave)).diff.empty();
}

TEST_CASE("the order of files is free, the order within a file is not") {
  CHECK(same("a.py:1: error: A\nb.py:1: error: B\n", "b.py:1: error: B\na.py:1: error: A\n"));
  CHECK_FALSE(same("a.py:1: error: A\na.py:2: error: B\n", "a.py:2: error: B\na.py:1: error: A\n"));
}

TEST_CASE("the numbers of type variables are free, other numbers are not") {
  CHECK(same("a.py:1: note: Revealed type is \"T`-1\"\n", "a.py:1: note: Revealed type is \"T`12\"\n"));
  CHECK_FALSE(same("a.py:1: note: \"T`x\"\n", "a.py:1: note: \"T`y\"\n"));
  CHECK_FALSE(same("a.py:1: error: A\n", "a.py:2: error: A\n"));
}

TEST_CASE("lines that name no file go with the file before them") {
  const std::string a = "a.py:1:1: error: A\n    x = 1\n    ^\n";
  const std::string b = "b.py:1:1: error: B\n    y = 1\n    ^\n";
  CHECK(same(a + b, b + a));
  CHECK_FALSE(same(a + b, "a.py:1:1: error: A\n    y = 1\n    ^\n" + b));
}

TEST_CASE("where an import is goes with the message after it") {
  const std::string context = "a.py:1: note: In module imported here:\n";
  CHECK(same("c.py:1: error: C\n" + context + "b.py:1: error: B\n",
             context + "b.py:1: error: B\nc.py:1: error: C\n"));
  CHECK_FALSE(same(context + "b.py:1: error: B\n", "b.py:1: error: B\n"));
}

TEST_CASE("the summary and the exit status count") {
  const std::string text = "a.py:1: error: A\n";
  CHECK_FALSE(same(text + "Found 1 error in 1 file (checked 1 source file)\n",
                   text + "Found 2 errors in 1 file (checked 1 source file)\n"));
  const AnswerDifference difference = compared(printed("", 0), printed("", 1));
  CHECK(difference.diff == "--- mypy\n+++ typewave\n@@ -1 +1 @@\n-exit status 0\n+exit status 1\n");
  CHECK(difference.files.empty());
}

TEST_CASE("JSON is grouped by file too") {
  const std::string a = R"({"file": "a.py", "line": 1})"
                        "\n";
  const std::string b = R"({"file": "b.py", "line": 1})"
                        "\n";
  CHECK(same(a + b, b + a));
  const AnswerDifference difference = compared(printed(a + b), printed(a));
  CHECK(difference.files == Lines{"b.py"});
}

TEST_CASE("a difference is shown as a unified diff with the files it names") {
  const AnswerDifference difference =
      compared(printed("a.py:1: error: A\nb.py:1: error: B\nSuccess: no issues found\n"),
               printed("b.py:1: error: X\na.py:1: error: A\nSuccess: no issues found\n"));
  CHECK(difference.diff ==
        "--- mypy\n+++ typewave\n@@ -1,4 +1,4 @@\n a.py:1: error: A\n-b.py:1: error: B\n+b.py:1: error: X\n"
        " Success: no issues found\n exit status 1\n");
  CHECK(difference.files == Lines{"b.py"});
}

TEST_CASE("standard error counts when it is asked for") {
  const PrintedAnswer mypy{1, "", "mypy.ini: [mypy]: bad\n"};
  const PrintedAnswer typewave{1, "", ""};
  CHECK(compare_answers(mypy, typewave, {}).diff ==
        "--- mypy\n+++ typewave\n@@ -1,2 +1 @@\n-stderr: mypy.ini: [mypy]: bad\n exit status 1\n");
  CHECK(compare_answers(mypy, typewave, {.stderr_text = false}).diff.empty());
}

TEST_CASE("colours count when they are asked for") {
  const PrintedAnswer coloured = printed("a.py:1: \x1b[31m\x1b[1merror:\x1b(B\x1b[m A\n");
  const PrintedAnswer plain = printed("a.py:1: error: A\n");
  CHECK(compare_answers(coloured, plain, {.colours = false}).diff.empty());
  const AnswerDifference difference = compare_answers(coloured, plain, {});
  CHECK_FALSE(difference.diff.empty());
  CHECK(difference.files == Lines{"a.py"});
}

TEST_CASE("odd text is compared like any other") {
  for (const std::string text :
       {"{", "{\"file\": 3}\n", ":", "a.py:\n", "a.py:1:", "Found ", "Found 1", "\x1b[", "`"}) {
    CAPTURE(text);
    CHECK(same(text, text));
    CHECK_FALSE(same(text, "other"));
  }
}

TEST_CASE("the reference has no cache and one process, whatever the arguments say") {
  const Lines cold = {"--no-incremental", "--cache-dir=/dev/null", "--num-workers=0"};
  const auto expected = [&](Lines before, const Lines& after) {
    before.insert(before.end(), cold.begin(), cold.end());
    before.insert(before.end(), after.begin(), after.end());
    return before;
  };
  CHECK(cold_arguments({}) == cold);
  CHECK(cold_arguments({"-i", "--cache-dir=x", "."}) == expected({"-i", "--cache-dir=x", "."}, {}));
  CHECK(cold_arguments({"-i", "--", "-j.py"}) == expected({"-i"}, {"--", "-j.py"}));
  CHECK(cold_arguments({"@more", "."}) == expected({}, {"@more", "."}));
}

}  // namespace
}  // namespace runner

#include "runner/json_message.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

const Finding kFinding = {.file = "a.py",
                          .line = 3,
                          .column = 4,
                          .end_line = 3,
                          .end_column = 9,
                          .message = "no \"b\"",
                          .hint = "one\ntwo",
                          .code = "attr-defined",
                          .is_error = true};

TEST_CASE("a finding is one object with mypy's fields") {
  CHECK(json_message(kFinding) ==
        R"({"file": "a.py", "line": 3, "column": 4, "end_line": 3, "end_column": 9, )"
        R"("message": "no \"b\"", "hint": "one\ntwo", "code": "attr-defined", "severity": "error"})");
  CHECK(json_message({.file = "a.py", .message = "m"}) ==
        R"({"file": "a.py", "line": -1, "column": -1, "end_line": -1, "end_column": -1, )"
        R"("message": "m", "hint": null, "code": null, "severity": "note"})");
}

TEST_CASE("what was written is read again") {
  CHECK(parse_json_message(json_message(kFinding)) == kFinding);
  Finding odd = {.file = "\xff ä 😀 \xed\xa0\x80.py", .message = std::string("\0\x1b\b\f\r\t\\\"/\x7f", 10)};
  CHECK(parse_json_message(json_message(odd)) == odd);
  odd.code = "";
  odd.hint = "";
  CHECK(parse_json_message(json_message(odd)) == odd);
}

TEST_CASE("nothing else is read") {
  const std::string line = json_message(kFinding);
  for (std::size_t length = 0; length < line.size(); ++length) {
    CHECK_FALSE(parse_json_message(line.substr(0, length)));
  }
  CHECK_FALSE(parse_json_message(line + " "));
  CHECK_FALSE(parse_json_message("Found 1 error in 1 file (checked 1 source file)"));
  CHECK_FALSE(parse_json_message(R"({"file": "\x"})"));
  CHECK_FALSE(parse_json_message(R"({"file": "\u12"})"));
}

}  // namespace
}  // namespace runner

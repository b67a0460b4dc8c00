// What is said of components that could not be checked.
#include "runner/crash_report.h"

#include <doctest/doctest.h>

#include "runner/plain_mypy.h"

namespace runner {
namespace {

using scheduler::CheckFailure;

CheckFailure crash(const std::string& module, const std::string& text, const std::string& hint = "") {
  return {CheckFailure::Kind::kCrash, module, text, hint};
}

TEST_CASE("a component is named, and how to see the same without typewave") {
  const auto messages = crash_messages({crash("a.b", "it fell")}, "mypy .");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].message == "checking a.b failed: it fell");
  CHECK(messages[0].hint == "this is a crash of mypy or of a plugin; to see it without typewave: mypy .");
}

TEST_CASE("a hint that is known comes first") {
  const auto messages = crash_messages({crash("a", "it hangs", "wait longer")}, "mypy .");
  CHECK(messages[0].hint == "wait longer; to see it without typewave: mypy .");
}

TEST_CASE("one message for one reason, one hint for messages with the same") {
  const auto messages =
      crash_messages({crash("a", "x"), crash("b", "x"), crash("c", "y"), crash("d", "x")}, "mypy");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].message == "checking a, b, d failed: x");
  CHECK(messages[0].hint.empty());
  CHECK(messages[1].message == "checking c failed: y");
  CHECK_FALSE(messages[1].hint.empty());
}

TEST_CASE("thousands of components with one reason are counted") {
  std::vector<CheckFailure> crashes;
  for (int i = 0; i < 2000; ++i) crashes.push_back(crash("m" + std::to_string(i), "no worker starts"));
  CHECK(crash_messages(crashes, "mypy")[0].message ==
        "checking m0, m1, m2, m3, m4 and 1995 more failed: no worker starts");
}

TEST_CASE("the command can be given to a shell") {
  CHECK(reproducing_command("/bin/python", {"-p", "a b", "it's"}) ==
        "/bin/python -m mypy --no-incremental --show-traceback -p 'a b' 'it'\\''s'");
}

}  // namespace
}  // namespace runner

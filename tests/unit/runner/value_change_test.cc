// How two values are shown side by side.
#include "runner/value_change.h"

#include <doctest/doctest.h>

#include <string>

namespace runner {
namespace {

TEST_CASE("short values are shown whole") {
  CHECK(value_change("false", "true") == "false -> true");
  CHECK(value_change("", "true") == "nothing -> true");
  CHECK(value_change("[3,11]", "[3,12]") == "[3,11] -> [3,12]");
}

TEST_CASE("of objects only what differs is shown, by name") {
  CHECK(value_change(R"({"librt":"0.16.0","mypy":"2.4.0"})", R"({"librt":"0.16.0","mypy":"2.4.1"})") ==
        R"(mypy "2.4.0" -> "2.4.1")");
  CHECK(value_change("{}", R"({"b":[1],"a":true})") == "a not set -> true, b not set -> [1]");
  CHECK(value_change(R"({"a":true})", "{}") == "a true -> not set");
}

TEST_CASE("an object that differs everywhere is cut") {
  std::string many = "{";
  for (int i = 10; i < 40; ++i) many += (i == 10 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  const std::string text = value_change("{}", many + "}");
  CHECK(text.starts_with("10 not set -> 1, 11 not set -> 1"));
  CHECK(text.ends_with("21 not set -> 1 and 18 more"));
}

TEST_CASE("digests are cut, unless they would look the same") {
  const std::string one(64, 'a');
  const std::string other(64, 'b');
  const std::string near = std::string(63, 'a') + "c";
  CHECK(value_change(one, other) == std::string(16, 'a') + " -> " + std::string(16, 'b'));
  CHECK(value_change("\"" + one + "\"", "null") == "\"" + std::string(16, 'a') + "\" -> null");
  CHECK(value_change(one, near) == one + " -> " + near);
  CHECK(value_change(std::string(63, 'a'), "x") == std::string(63, 'a') + " -> x");
}

TEST_CASE("of long values the part around the first difference is shown") {
  const std::string common(200, 'x');
  CHECK(value_change(common + "1", common + "2") ==
        "..." + std::string(20, 'x') + "1 -> ..." + std::string(20, 'x') + "2");
  CHECK(short_value(common) == std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace runner

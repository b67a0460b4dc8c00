#include "runner/bounded_json.h"

#include <doctest/doctest.h>

#include <string>

using runner::kDeepestJson;
using runner::parse_bounded_json;

namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("JSON is taken as long as its nesting is bounded") {
  CHECK(parse_bounded_json(R"({"a": [1, "[[[[", "\"{"]})").has_value());
  CHECK(parse_bounded_json(nested(kDeepestJson)).has_value());
  CHECK_FALSE(parse_bounded_json(nested(kDeepestJson + 1)).has_value());
  CHECK_FALSE(parse_bounded_json(std::string(10'000'000, '[')).has_value());
  std::string many = "[[]";
  for (int i = 0; i < 1000; ++i) many += ",[{}]";
  CHECK(parse_bounded_json(many + "]").has_value());
}

TEST_CASE("brackets in strings do not count as nesting") {
  CHECK(
      parse_bounded_json("\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"").has_value());
}

TEST_CASE("what is no JSON is nothing") {
  for (const char* text : {"", "{", "[1,]", "nul", "\"\\", "1e999", "\"\xFF\""})
    CHECK_FALSE(parse_bounded_json(text).has_value());
}

TEST_CASE("a text of the wrong type is an empty one") {
  const nlohmann::json object = {{"did", "probe"}, {"code", 1}};
  CHECK(runner::text_in(object, "did") == "probe");
  CHECK(runner::text_in(object, "code").empty());
  CHECK(runner::text_in(object, "absent").empty());
  CHECK(runner::text_in(nlohmann::json::array(), "did").empty());
}

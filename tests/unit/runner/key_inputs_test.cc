// What is remembered of a key, and what a comparison of two says.
#include "runner/key_inputs.h"

#include <doctest/doctest.h>

#include <string>

namespace runner {
namespace {

KeyInputs with_imports(const std::vector<std::string>& imports) {
  KeyInputs inputs = {{"a", "path", "@root/a.py"}, {"a", "source", "1111"}};
  for (const std::string& name : imports) {
    inputs.push_back({"a", "import", name});
    inputs.push_back({"a", "import priority", "5v"});
  }
  return inputs;
}

TEST_CASE("what a sink wrote is read back, digests by their start") {
  StringTable strings;
  RecordingSink sink(strings);
  sink.input("a", "path", "@root/a.py");
  sink.content("a", "source", graph::sha256("x"));
  sink.input("", "shadows typeshed", "abc");
  const std::string bytes = sink.finish();
  CHECK(decode_inputs(bytes, strings) == KeyInputs{{"a", "path", "@root/a.py"},
                                                   {"a", "source", graph::sha256("x").hex().substr(0, 16)},
                                                   {"", "shadows typeshed", "abc"}});
  SUBCASE("also with the numbers of another table") {
    StringTable other;
    other.intern("something else");
    const auto moved = renumber_inputs(bytes, strings, other);
    REQUIRE(moved);
    CHECK(decode_inputs(*moved, other) == decode_inputs(bytes, strings));
  }
  SUBCASE("cut short it is nothing, or less") {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto inputs = decode_inputs(bytes.substr(0, size), strings);
      CHECK((!inputs || inputs->size() < 3));
    }
  }
  SUBCASE("with an unknown number it is nothing") {
    CHECK_FALSE(decode_inputs(bytes, StringTable()));
  }
}

TEST_CASE("equal inputs give no change") {
  CHECK(compare_inputs(with_imports({"b", "c"}), with_imports({"b", "c"})).empty());
}

TEST_CASE("a value that became another one") {
  KeyInputs now = with_imports({});
  now[1].value = "2222";
  CHECK(compare_inputs(with_imports({}), now) == std::vector<KeyChange>{{"a", "source", "", "1111", "2222"}});
}

TEST_CASE("of a list what came and what went") {
  CHECK(compare_inputs(with_imports({"b", "c"}), with_imports({"c", "d"})) ==
        std::vector<KeyChange>{{"a", "import", "d", std::nullopt, "d"},
                               {"a", "import", "b", "b", std::nullopt}});
}

TEST_CASE("an item that stayed, but not as it was") {
  KeyInputs now = with_imports({"b", "c"});
  now[3].value = "20v";
  CHECK(compare_inputs(with_imports({"b", "c"}), now) ==
        std::vector<KeyChange>{{"a", "import priority", "b", "5v", "20v"}});
}

TEST_CASE("the same items in another order") {
  CHECK(compare_inputs(with_imports({"b", "c"}), with_imports({"c", "b"})) ==
        std::vector<KeyChange>{{"a", "import order", "", std::nullopt, std::nullopt}});
}

TEST_CASE("a module that came into the cycle says nothing more of itself") {
  KeyInputs now = with_imports({});
  now.push_back({"b", "path", "@root/b.py"});
  CHECK(compare_inputs(with_imports({}), now) ==
        std::vector<KeyChange>{{"b", "member", "b", std::nullopt, "b"}});
  CHECK(compare_inputs(now, with_imports({})) ==
        std::vector<KeyChange>{{"b", "member", "b", "b", std::nullopt}});
}

}  // namespace
}  // namespace runner

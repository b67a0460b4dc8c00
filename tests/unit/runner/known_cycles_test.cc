// The ratchet of import cycles.
#include "runner/known_cycles.h"

#include <doctest/doctest.h>

using runner::compare_cycles;
using runner::CycleNames;
using runner::NewCycle;

TEST_CASE("what is written can be read again, whatever the names are") {
  const CycleNames cycles = {{"x", "y"}, {"a", "quote\"</script>", "\xc3\xa9\n"}};
  const auto read = runner::read_known_cycles(runner::known_cycles_text(cycles));
  REQUIRE(read.ok());
  CHECK(*read == CycleNames{{"a", "quote\"</script>", "\xc3\xa9\n"}, {"x", "y"}});
  CHECK(runner::known_cycles_text({}) == "{\"format\": 1, \"cycles\": [\n]}\n");
  CHECK(runner::known_cycles_text({{"a", "b"}}) ==
        "{\"format\": 1, \"cycles\": [\n[\n  \"a\",\n  \"b\"\n]\n]}\n");
}

TEST_CASE("anything else is no such file") {
  for (const char* text : {"", "[]", "{}", "{\"format\": 2, \"cycles\": []}", "{\"format\": 1}",
                           "{\"format\": 1, \"cycles\": [1]}", "{\"format\": 1, \"cycles\": [[1]]}"}) {
    CHECK_FALSE(runner::read_known_cycles(text).ok());
  }
}

TEST_CASE("the same cycles are no news, nor are parts of them") {
  CHECK(compare_cycles({{"a", "b"}}, {{"a", "b"}}).added.empty());
  const auto smaller = compare_cycles({{"a", "b", "c", "d"}, {"x", "y"}}, {{"a", "b"}, {"c", "d"}});
  CHECK(smaller.added.empty());
  CHECK(smaller.shrunk == 2);
}

TEST_CASE("a cycle of modules that were in none is new") {
  const auto news = compare_cycles({{"a", "b"}}, {{"a", "b"}, {"x", "y"}});
  CHECK(news.added == std::vector<NewCycle>{{1, {"x", "y"}, false}});
  CHECK(news.shrunk == 0);
}

TEST_CASE("a cycle that takes in a module has grown") {
  const auto news = compare_cycles({{"a", "b"}}, {{"a", "b", "c"}});
  CHECK(news.added == std::vector<NewCycle>{{0, {"c"}, true}});
  CHECK(news.shrunk == 0);
}

TEST_CASE("two known cycles that became one have grown") {
  const auto news = compare_cycles({{"a", "b", "c"}, {"x", "y"}}, {{"a", "b", "c", "x", "y"}});
  CHECK(news.added == std::vector<NewCycle>{{0, {"x", "y"}, true}});
}

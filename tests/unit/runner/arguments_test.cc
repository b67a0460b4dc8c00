// Which words of the command line are typewave's and which are mypy's.
#include "runner/arguments.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace runner {
namespace {

using Words = std::vector<std::string>;

const std::vector<OwnOption> kOptions = {
    {"--jobs", true}, {"-j", true}, {"--stats", false}, {"--store", true}};

void check_split(const Words& arguments, const Words& own, const Words& mypy) {
  const auto split = split_arguments(arguments, kOptions);
  REQUIRE(split.ok());
  CHECK(split->own == own);
  CHECK(split->mypy == mypy);
}

TEST_CASE("what typewave does not know is mypy's, verbatim and in order") {
  check_split({}, {}, {});
  check_split({"--strict", "src", "--python-version", "3.12"}, {},
              {"--strict", "src", "--python-version", "3.12"});
}

TEST_CASE("own options may stand anywhere between mypy's") {
  check_split({"--strict", "--stats", "src", "--jobs", "4", "-m", "x"}, {"--stats", "--jobs", "4"},
              {"--strict", "src", "-m", "x"});
}

TEST_CASE("a value may be joined: with = to a long name, directly to a short one") {
  check_split({"--jobs=4", "-j4", "--store="}, {"--jobs=4", "-j4", "--store="}, {});
}

TEST_CASE("a value is taken whatever it looks like") {
  check_split({"--store", "--stats", "--jobs", "--"}, {"--store", "--stats", "--jobs", "--"}, {});
}

TEST_CASE("an option may take several values") {
  const std::vector<OwnOption> options = {{"--path", true, false, 1}};
  const auto split = split_arguments({"--path", "a", "b", "src"}, options);
  CHECK(split->own == Words{"--path", "a", "b"});
  CHECK(split->mypy == Words{"src"});
  CHECK(split_arguments({"--path=a", "b", "src"}, options)->own == Words{"--path=a", "b"});
  CHECK(split_arguments({"--path", "a"}, options).error().message == "--path needs 2 values");
}

TEST_CASE("a number that may be left out is taken if it is one") {
  const std::vector<OwnOption> options = {{"--slowest", true, true}, {"--json", false}};
  const auto split = [&options](const Words& arguments) { return split_arguments(arguments, options)->own; };
  CHECK(split({"--slowest", "5", "src"}) == Words{"--slowest", "5"});
  CHECK(split({"--slowest", "src"}) == Words{"--slowest"});
  CHECK(split({"--slowest", "--json"}) == Words{"--slowest", "--json"});
  CHECK(split({"--slowest"}) == Words{"--slowest"});
  CHECK(split({"--slowest=5"}) == Words{"--slowest=5"});
}

TEST_CASE("longer names that begin like an own one are mypy's") {
  check_split({"--jobs-per-day", "--statistics", "--stats=yes", "--sto"}, {},
              {"--jobs-per-day", "--statistics", "--stats=yes", "--sto"});
}

TEST_CASE("everything after -- is mypy's, with the --") {
  check_split({"--stats", "--", "--jobs", "-j4"}, {"--stats"}, {"--", "--jobs", "-j4"});
}

TEST_CASE("an option without its value is an error that names it") {
  for (const char* name : {"--jobs", "-j"}) {
    const auto split = split_arguments({"src", name}, kOptions);
    REQUIRE_FALSE(split.ok());
    CHECK(split.error().message == std::string(name) + " needs a value");
  }
}

}  // namespace
}  // namespace runner

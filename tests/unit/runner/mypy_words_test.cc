// Which of mypy's arguments are targets, and what a matrix makes of them.
#include "runner/mypy_words.h"

#include <doctest/doctest.h>

#include "runner/several_runs.h"

namespace runner {
namespace {

using Words = std::vector<std::string>;

MypyWords sorted(const Words& arguments) {
  return sort_mypy_words(arguments, mypy_options(), [](const std::string& path) { return "/here/" + path; });
}

TEST_CASE("values of options are no targets, however they are written") {
  const MypyWords words = sorted({"--strict", "src", "--python-version", "3.12", "--platform=linux", "a.py"});
  CHECK(words.targets == Words{"src", "a.py"});
  CHECK(words.options == Words{"--strict", "--python-version", "3.12", "--platform=linux"});
  CHECK_FALSE(words.selects_otherwise);
}

TEST_CASE("names that are cut short, as mypy takes them") {
  CHECK(sorted({"--python-v", "3.12", "src"}).targets == Words{"src"});
}

TEST_CASE("files are meant from here") {
  CHECK(sorted({"--config-file", "my.ini", "src"}).options == Words{"--config-file", "/here/my.ini"});
  CHECK(sorted({"--config-file=my.ini"}).options == Words{"--config-file=/here/my.ini"});
}

TEST_CASE("modules, packages and programs are not files") {
  for (const char* name : {"-m", "--module", "-p", "--package", "-c", "--command"}) {
    CHECK(sorted({name, "x"}).selects_otherwise);
    CHECK(sorted({name, "x"}).targets.empty());
  }
}

TEST_CASE("after -- there are only targets") {
  CHECK(sorted({"--", "--strict"}).targets == Words{"--strict"});
}

TEST_CASE("a matrix is every combination, in the order given") {
  Words arguments = {"python-version=3.10,3.12", "src", "--platform", "linux", "--platform=win32"};
  const std::vector<Words> combinations = {{"--python-version=3.10", "--platform=linux"},
                                           {"--python-version=3.10", "--platform=win32"},
                                           {"--python-version=3.12", "--platform=linux"},
                                           {"--python-version=3.12", "--platform=win32"}};
  CHECK(matrix_of(arguments) == combinations);
  CHECK(arguments == Words{"src"});
}

TEST_CASE("without values there is nothing to combine") {
  Words arguments = {"src"};
  CHECK(matrix_of(arguments) == std::vector<Words>{{}});
}

}  // namespace
}  // namespace runner

// Tests of the questions to the environment; no file descriptor here is a terminal.
#include "runner/terminal_detect.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace {

runner::Terminal detect(const std::map<std::string, std::string>& environment) {
  runner::TerminalQuery query;
  query.stdout_fd = query.stderr_fd = -1;
  query.environment = [&](const char* name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  return runner::detect_terminal(query);
}

bool has_colors(std::map<std::string, std::string> environment) {
  environment["TERM"] = "xterm";
  return detect(environment).sequences.has_value();
}

}  // namespace

TEST_CASE("without a terminal there are colours only by force") {
  CHECK_FALSE(has_colors({}));
  CHECK(has_colors({{"FORCE_COLOR", "1"}}));
  CHECK(has_colors({{"FORCE_COLOR", "always"}}));
  CHECK_FALSE(has_colors({{"FORCE_COLOR", "0"}}));
  CHECK_FALSE(has_colors({{"FORCE_COLOR", ""}}));
  CHECK_FALSE(has_colors({{"FORCE_COLOR", " +0_0 "}}));
  CHECK(has_colors({{"FORCE_COLOR", "0_"}}));
  CHECK_FALSE(has_colors({{"FORCE_COLOR", "1"}, {"MYPY_FORCE_COLOR", "0"}}));
  CHECK(has_colors({{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}));
}

TEST_CASE("an unknown terminal has no colours") {
  CHECK_FALSE(detect({{"FORCE_COLOR", "1"}}).sequences);
  CHECK_FALSE(detect({{"FORCE_COLOR", "1"}, {"TERM", ""}}).sequences);
  CHECK_FALSE(detect({{"FORCE_COLOR", "1"}, {"TERM", "no-such-terminal"}}).sequences);
}

TEST_CASE("sequences come from terminfo") {
  const auto terminal = detect({{"FORCE_COLOR", "1"}, {"TERM", "xterm"}});
  REQUIRE(terminal.sequences);
  CHECK(terminal.sequences->bold == "\x1b[1m");
  CHECK(terminal.sequences->red == "\x1b[31m");
  CHECK(terminal.sequences->dim == "\x1b[2;10m");
}

TEST_CASE("the width is forced, given or 80") {
  CHECK(detect({}).width == 80);
  CHECK(detect({{"COLUMNS", "120"}}).width == 120);
  CHECK(detect({{"COLUMNS", "-1"}}).width == 80);
  CHECK(detect({{"COLUMNS", "wide"}}).width == 80);
  CHECK(detect({{"COLUMNS", "120"}, {"MYPY_FORCE_TERMINAL_WIDTH", "99"}}).width == 99);
  CHECK(detect({{"COLUMNS", "120"}, {"MYPY_FORCE_TERMINAL_WIDTH", "0"}}).width == 120);
  CHECK(detect({{"MYPY_FORCE_TERMINAL_WIDTH", "-7"}}).width == -7);
}

TEST_CASE("a forced width that is no integer is reported") {
  CHECK(detect({}).width_is_valid);
  CHECK(detect({{"MYPY_FORCE_TERMINAL_WIDTH", "70"}}).width_is_valid);
  CHECK_FALSE(detect({{"MYPY_FORCE_TERMINAL_WIDTH", "wide"}}).width_is_valid);
  CHECK_FALSE(detect({{"MYPY_FORCE_TERMINAL_WIDTH", ""}}).width_is_valid);
}

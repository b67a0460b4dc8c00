// Tests of the worker's JSON and of the stored form of outcomes.
#include "runner/diagnostic_codec.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

using scheduler::Diagnostic;
using scheduler::Outcome;
using scheduler::TouchedSymbols;
using Json = nlohmann::json;

namespace {

Json error_fields() {
  return Json::parse(R"([[3, 4, 3, 9, "error", "Bad", "arg-type", 0, 1, 5, [3, 4], "C", "f", 0, null, 1, 0],
                         [3, 4, 3, 9, "note", "See", null, 1, 0, 0, [3], null, null, 1, 0, 0, 0]])");
}

Outcome sample_outcome() {
  Outcome outcome;
  outcome.used = {"a.b", "a.b.c", "builtins"};
  outcome.seconds = 0.25;
  outcome.modules.resize(2);
  outcome.modules[0].interface = graph::sha256("one");
  outcome.modules[0].mentions_lines = false;
  outcome.modules[0].diagnostics = *runner::parse_diagnostics(error_fields());
  outcome.modules[1].diagnostics = outcome.modules[0].diagnostics;
  Diagnostic& odd = outcome.modules[1].diagnostics[0];
  odd.line = std::numeric_limits<std::int32_t>::max();
  odd.end_line = std::numeric_limits<std::int32_t>::min();
  odd.origin_span = {};
  odd.code = "";
  odd.blocker = true;
  return outcome;
}

}  // namespace

TEST_CASE("the worker's fields become a diagnostic") {
  const auto parsed = runner::parse_diagnostics(error_fields());
  REQUIRE(parsed.ok());
  REQUIRE(parsed->size() == 2);
  Diagnostic error;
  error.line = 3;
  error.column = 4;
  error.end_line = 3;
  error.end_column = 9;
  error.severity = "error";
  error.message = "Bad";
  error.code = "arg-type";
  error.priority = 5;
  error.origin_span = {3, 4};
  error.local_type = "C";
  error.local_function = "f";
  CHECK(parsed->front() == error);
  const Diagnostic& note = parsed->back();
  CHECK(note.severity == "note");
  CHECK(note.only_once);
  CHECK(note.from_import_phase);
  CHECK(note.hidden);
  CHECK(note.parent == 0);
  CHECK_FALSE(note.has_import_context);
}

TEST_CASE("malformed worker fields are refused") {
  const std::vector<std::pair<int, Json>> wrong = {{0, "3"},
                                                   {0, 3.5},
                                                   {0, std::uint64_t{1} << 63},
                                                   {0, std::int64_t{1} << 31},
                                                   {4, "warning"},
                                                   {5, nullptr},
                                                   {6, 1},
                                                   {7, 2},
                                                   {10, 3},
                                                   {10, Json::array({"x"})},
                                                   {14, 2},
                                                   {14, -1},
                                                   {14, 1},
                                                   {13, nullptr}};
  for (const auto& one : wrong) {
    CAPTURE(one.first);
    Json errors = error_fields();
    errors[1][static_cast<std::size_t>(one.first)] = one.second;
    CHECK_FALSE(runner::parse_diagnostics(errors).ok());
  }
  Json short_one = error_fields();
  short_one[0].erase(16);
  CHECK_FALSE(runner::parse_diagnostics(short_one).ok());
  Json long_one = error_fields();
  long_one[0].push_back(0);
  CHECK_FALSE(runner::parse_diagnostics(long_one).ok());
  Json error_with_parent = error_fields();
  error_with_parent[0][14] = 1;
  CHECK_FALSE(runner::parse_diagnostics(error_with_parent).ok());
  CHECK_FALSE(runner::parse_diagnostics(Json::object()).ok());
  CHECK_FALSE(runner::parse_diagnostics(Json::array({1})).ok());
}

TEST_CASE("an outcome comes back as it was") {
  const Outcome outcome = sample_outcome();
  const auto decoded = runner::decode_outcome(runner::encode_outcome(outcome));
  REQUIRE(decoded.ok());
  CHECK(*decoded == outcome);
  CHECK(*runner::decode_outcome(runner::encode_outcome({})) == Outcome{});
}

TEST_CASE("equal words are stored once") {
  Outcome outcome = sample_outcome();
  outcome.modules[0].diagnostics[0].local_function = std::string(500, 'f');
  const std::size_t once = runner::encode_outcome(outcome).size();
  outcome.modules[1].diagnostics[0].local_function = std::string(500, 'f');
  CHECK(runner::encode_outcome(outcome).size() < once + 10);
}

TEST_CASE(
    "words in thousands of diagnostics are read, unless they are made to outgrow what they are read from") {
  Outcome outcome = sample_outcome();
  Diagnostic& first = outcome.modules[0].diagnostics[0];
  outcome.modules[0].diagnostics.assign(5000, first);
  CHECK(*runner::decode_outcome(runner::encode_outcome(outcome)) == outcome);
  for (Diagnostic& one : outcome.modules[0].diagnostics) one.local_function = std::string(5000, 'f');
  CHECK_FALSE(runner::decode_outcome(runner::encode_outcome(outcome)).ok());
}

TEST_CASE("a cut or prolonged outcome is refused") {
  const std::string bytes = runner::encode_outcome(sample_outcome());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(runner::decode_outcome(std::string_view(bytes).substr(0, size)).ok());
  }
  CHECK_FALSE(runner::decode_outcome(bytes + '\0').ok());
}

TEST_CASE("another version is refused") {
  std::string bytes = runner::encode_outcome({});
  ++bytes[3];
  CHECK_FALSE(runner::decode_outcome(bytes).ok());
  CHECK_FALSE(runner::decode_touched(runner::encode_outcome({})).ok());
}

TEST_CASE("whatever is decoded was canonical") {
  const std::string outcome = runner::encode_outcome(sample_outcome());
  const std::vector<TouchedSymbols> symbols = {{"a", "A\nA.x\nA.xy"}, {"a.b", ""}, {"c", "\nz"}};
  const std::string touched = runner::encode_touched(symbols);
  std::mt19937 random(1);
  std::size_t accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string hostile = round % 2 == 0 ? outcome : touched;
    for (auto change = random() % 3 + 1; change > 0; --change) {
      hostile[random() % hostile.size()] = static_cast<char>(random());
    }
    if (const auto decoded = runner::decode_outcome(hostile); decoded.ok()) {
      ++accepted;
      REQUIRE(runner::encode_outcome(*decoded) == hostile);
    }
    if (const auto decoded = runner::decode_touched(hostile); decoded.ok()) {
      ++accepted;
      REQUIRE(runner::encode_touched(*decoded) == hostile);
    }
  }
  CHECK(accepted > 100);  // changed letters of messages, for example
}

TEST_CASE("touched symbols come back as they were") {
  const std::vector<TouchedSymbols> symbols = {{"a", "A\nA.x\nA.xy"}, {"a.b", ""}, {"c", "z"}};
  const auto decoded = runner::decode_touched(runner::encode_touched(symbols));
  REQUIRE(decoded.ok());
  CHECK(*decoded == symbols);
}

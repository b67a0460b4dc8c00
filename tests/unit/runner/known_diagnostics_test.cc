// Tells diagnostics that were there before from new ones.
#include "runner/known_diagnostics.h"

#include <doctest/doctest.h>

using runner::comparable_message;
using runner::KnownDiagnostic;
using runner::LinePlace;
using scheduler::Diagnostic;

namespace {

KnownDiagnostic said(int line, std::string message, int region = LinePlace::kSame, std::string source = "") {
  return {line, "error", "misc", std::move(message), std::move(source), {line, region}};
}

Diagnostic diagnostic(int line, std::string severity, std::string message, int parent = -1) {
  Diagnostic result;
  result.line = line;
  result.severity = std::move(severity);
  result.message = std::move(message);
  result.parent = parent;
  return result;
}

std::vector<bool> known(const std::vector<KnownDiagnostic>& earlier,
                        const std::vector<KnownDiagnostic>& current) {
  return runner::match_diagnostics(earlier, current).known;
}

using Flags = std::vector<bool>;

}  // namespace

TEST_CASE("numbers of lines and of type variables in a message do not count") {
  CHECK(comparable_message("Name \"x\" already defined on line 12") ==
        comparable_message("Name \"x\" already defined on line 7"));
  CHECK(comparable_message("T`-1 and T`22") == comparable_message("T`3 and T`-4"));
  CHECK(comparable_message("expected 1") != comparable_message("expected 2"));
  CHECK(comparable_message("online 1") != comparable_message("online 2"));
}

TEST_CASE("in lines that stayed only the same line is the same") {
  CHECK(known({said(3, "a")}, {said(3, "a"), said(4, "a"), said(3, "b")}) == Flags{true, false, false});
}

TEST_CASE("each earlier one stands for one current one") {
  CHECK(known({said(3, "a")}, {said(3, "a"), said(3, "a")}) == Flags{true, false});
}

TEST_CASE("a rewritten region keeps as many as it had, those that read the same first") {
  CHECK(known({said(3, "a", 0, "x")}, {said(4, "a", 0, "y"), said(5, "a", 0, "x")}) == Flags{false, true});
  CHECK(known({said(3, "a", 0, "x")}, {said(4, "a", 0, "y"), said(5, "a", 0, "z")}) == Flags{true, false});
}

TEST_CASE("code that moved to another region is known by its text") {
  CHECK(known({said(3, "a", 0, "x")}, {said(9, "a", 1, "x")}) == Flags{true});
  CHECK(known({said(3, "a", 0, "x")}, {said(9, "a", 1, "y")}) == Flags{false});
  CHECK(known({said(3, "a", 0, "x")}, {said(9, "a", LinePlace::kSame, "x")}) == Flags{false});
}

TEST_CASE("notes share the fate of the error they explain") {
  std::vector<Diagnostic> all = {diagnostic(1, "error", "old"), diagnostic(1, "note", "because"),
                                 diagnostic(2, "note", "far away", 0), diagnostic(3, "note", "alone"),
                                 diagnostic(1, "error", "old")};
  const auto decides = runner::deciding(all);
  CHECK(decides == std::vector<std::optional<std::size_t>>{0, 0, 0, 3, 0});
  runner::drop_known(all, {true, false});
  REQUIRE(all.size() == 1);
  CHECK(all[0].message == "alone");
}

TEST_CASE("hidden diagnostics are nobody's business") {
  std::vector<Diagnostic> all = {diagnostic(1, "error", "hidden"), diagnostic(1, "error", "shown")};
  all[0].hidden = true;
  runner::drop_known(all, {true});
  REQUIRE(all.size() == 1);
  CHECK(all[0].message == "hidden");
}

TEST_CASE("links of notes are put right") {
  std::vector<Diagnostic> all = {diagnostic(1, "error", "a"), diagnostic(2, "error", "b"),
                                 diagnostic(2, "note", "of b", 1)};
  runner::keep_only(all, {false, true, true});
  REQUIRE(all.size() == 2);
  CHECK(all[1].parent == 0);
}

// Tells diagnostics that were there before from new ones, although lines have moved.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/line_shift.h"
#include "runner/merge.h"

namespace runner {

// One message, and where it stands.
struct KnownDiagnostic {
  int line = -1;
  std::string severity;
  std::string code;  // empty without
  std::string message;
  std::string source;  // digest_of_line() of its line; empty when not known
  // For matching: where the line is now, or which rewritten region it was in.
  LinePlace place{};
};

// Compared by what they say; numbers of lines and of type variables in it may be others.
std::string comparable_message(const std::string& message);

// Of each diagnostic of a module the one that decides its fate: itself, or the error that a note explains, or
// the same message said before on its line. Hidden ones have none.
std::vector<std::optional<std::size_t>> deciding(const std::vector<scheduler::Diagnostic>& diagnostics);

struct Matches {
  std::vector<bool> known;  // by current diagnostic
  std::vector<bool> found;  // by earlier one
};

// Pairs each earlier diagnostic with at most one current one that says the same: first those on the same
// line, then those whose lines read the same, then, in order, those of one region.
Matches match_diagnostics(const std::vector<KnownDiagnostic>& earlier,
                          const std::vector<KnownDiagnostic>& current);

// Leaves only the diagnostics that are to be kept; a note's link to its error is put right.
void keep_only(std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<bool>& keep);

// The diagnostics of a module that stand for themselves, with their indexes.
std::vector<std::pair<std::size_t, KnownDiagnostic>> standing_alone(
    const std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<std::string>& lines);

// Drops every known diagnostic with all that goes with it. `known` is by position in standing_alone().
void drop_known(std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<bool>& known);

}  // namespace runner

// The file of `typewave cycles --fail-on-new`: the import cycles that a project has agreed to live with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

// Names of the modules of each cycle, sorted; the cycles sorted as well.
using CycleNames = std::vector<std::vector<std::string>>;

// {"format": 1, "cycles": [[...], ...]}, a module a line.
std::string known_cycles_text(CycleNames cycles);
graph::Result<CycleNames> read_known_cycles(std::string_view text);

// A cycle that is no part of a known one.
struct NewCycle {
  std::size_t cycle = 0;            // which
  std::vector<std::string> joined;  // its modules that are not in the known cycle it shares most with
  bool grown = false;               // there is such a cycle

  bool operator==(const NewCycle&) const = default;
};

struct CycleNews {
  std::vector<NewCycle> added;
  std::size_t shrunk = 0;  // known cycles that are smaller now, fell apart, or are gone
};

// A cycle may lose modules or fall apart: only what was in no cycle with the rest is news. The names of each
// cycle must be sorted.
CycleNews compare_cycles(const CycleNames& known, const CycleNames& now);

}  // namespace runner

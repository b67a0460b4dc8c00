// What went wrong with single components of a run, and what that means for the run.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "runner/planned_run.h"

namespace runner {

struct RunFailures {
  bool blocking = false;    // the answer has to come from mypy itself
  bool start_over = false;  // another attempt may succeed
  bool lost = false;        // because a stored interface was broken or gone
  std::string beyond;       // why only a whole run of mypy gives the answer
  std::vector<scheduler::CheckFailure> crashed;
  std::size_t mismatches = 0;     // files in which mypy found other imports than the scanner
  std::set<std::string> doubted;  // those files
  std::string last;               // one of all these, for people; empty if there is none
};

RunFailures failures_of(const PlannedRun& run);

}  // namespace runner

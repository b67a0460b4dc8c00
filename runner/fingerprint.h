// What makes a finding the same one in another version of its file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runner/report.h"

namespace runner {

struct Fingerprint {
  std::string place;           // of path, code, message and source line, wherever that line is
  std::size_t occurrence = 1;  // among the findings of the run with the same place

  // Unique in the run.
  std::string unique() const;
};

// One for each finding of the input, in order. White space in the source line and line numbers in the
// message do not count.
std::vector<Fingerprint> fingerprints(const ReportInput& input);

}  // namespace runner

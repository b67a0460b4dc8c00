// `typewave cycles`: the import cycles by what they cost, and the imports to remove.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runner/preview_request.h"

namespace runner {

struct CyclesOptions {
  PreviewRequest about;
  bool json = false;
  bool all = false;                  // also those without own modules
  std::size_t most_cuts = 10;        // imports shown of each cycle; 0: all
  std::optional<std::string> known;  // --fail-on-new FILE
  bool update = false;
};

int run_cycles(const CyclesOptions& options);

}  // namespace runner

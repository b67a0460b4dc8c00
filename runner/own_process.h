// Runs typewave itself once more, elsewhere or with other arguments, and keeps what it prints.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

struct OwnAnswer {
  int exit_code = 0;
  std::string stdout_text;
};

// Standard error goes where ours goes. `directory` becomes its working directory.
graph::Result<OwnAnswer> run_own_process(const std::string& directory,
                                         const std::vector<std::string>& arguments);

}  // namespace runner

// `typewave check`: checks a whole repository, reusing every result that still holds.
#pragma once

#include "runner/check_options.h"

namespace runner {

// Runs the command and gives the process's exit status.
int run_check(const CheckOptions& options);

}  // namespace runner

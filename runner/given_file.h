// Files that the user names for typewave itself to read.
#pragma once

#include <string>

#include "graph/result.h"

namespace runner {

// All that is in it; pipes, as a shell makes them for `<(command)`, are read to their end. The error is the
// system's reason alone.
graph::Result<std::string> read_given_file(const std::string& path);
// The same of standard input.
graph::Result<std::string> read_standard_input();

}  // namespace runner

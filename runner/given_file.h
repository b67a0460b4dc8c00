// Files that the user names for typewave itself to read.
#pragma once

#include <string>

#include "graph/result.h"

namespace runner {

// All that is in it; pipes, as a shell makes them for `<(command)`, are read to their end. The error is the
// system's reason alone.
graph::Result<std::string> read_given_file(const std::string& path);
// The same of a file that typewave writes itself when it is asked to: a hint says what does if it is missing,
// and which option else names another one.
graph::Result<std::string> read_kept_file(const std::string& path, const std::string& if_missing,
                                          const std::string& option);
// The same of standard input.
graph::Result<std::string> read_standard_input();

}  // namespace runner

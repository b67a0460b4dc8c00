// Runs the user's mypy itself, for what only it can answer.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

// Runs mypy cold with the same arguments, its output going where ours goes; gives its exit status. `cold`
// adds the options that keep it from reading and writing a cache.
graph::Result<int> run_plain_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments,
                                  bool cold);

}  // namespace runner

// Runs the user's mypy itself: for what only it can answer, and as the reference an answer is compared with.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/comparable_answer.h"

namespace runner {

// The arguments with which mypy answers from the sources alone: no cache is read or written, and there is one
// process, whatever the user or the configuration says.
std::vector<std::string> cold_arguments(std::vector<std::string> mypy_arguments);

// Runs mypy with these arguments, its output going where ours goes; gives its exit status.
graph::Result<int> run_plain_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments);

// The same, but its output is kept. `variables` ("NAME=value") come on top of the environment.
graph::Result<PrintedAnswer> capture_plain_mypy(const std::string& python,
                                                const std::vector<std::string>& mypy_arguments,
                                                const std::vector<std::string>& variables);

// For a shell: plain mypy on the same arguments.
std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments);

}  // namespace runner

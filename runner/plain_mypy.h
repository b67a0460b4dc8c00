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

// The same, but what goes to standard output is kept as well; `shown`: whether it also goes where ours goes.
graph::Result<PrintedAnswer> run_plain_mypy_kept(const std::string& python,
                                                 const std::vector<std::string>& mypy_arguments, bool shown);

// What mypy --output json prints for these arguments. Asks nobody, installs nothing, and leaves mypy's own
// JUnit report as it is.
graph::Result<PrintedAnswer> capture_mypy_json(const std::string& python,
                                               const std::vector<std::string>& mypy_arguments);

// The same with the user's text, all its output kept. `variables` ("NAME=value") come on top of the
// environment.
graph::Result<PrintedAnswer> capture_plain_mypy(const std::string& python,
                                                const std::vector<std::string>& mypy_arguments,
                                                const std::vector<std::string>& variables);

// A word as a shell has to be given it.
std::string shell_word(const std::string& word);
// For a shell: plain mypy on the same arguments.
std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments);

}  // namespace runner

// What a run says of components that could not be checked, and how to see the same without typewave.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/run_setup.h"
#include "scheduler/checker.h"

namespace runner {

// For a shell: plain mypy on the same arguments.
std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments);

// One message for each reason; the hint stands on the last one with the same words.
std::vector<graph::Error> crash_messages(const std::vector<scheduler::CheckFailure>& crashes,
                                         const std::string& reproducing);

}  // namespace runner

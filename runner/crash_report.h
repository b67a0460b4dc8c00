// What a run says of components that could not be checked, and how to see the same without typewave.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"
#include "scheduler/checker.h"

namespace runner {

// One message for each reason; the hint stands on the last one with the same words.
std::vector<graph::Error> crash_messages(const std::vector<scheduler::CheckFailure>& crashes,
                                         const std::string& reproducing);

}  // namespace runner

// What typewave says of an end that none of its parts could do anything about.
#pragma once

#include <exception>
#include <optional>

#include "graph/result.h"

namespace runner {

// Says what an exception means that nobody caught; gives the exit status.
int tell_last(const std::exception& error) noexcept;
// From now on no memory, or no thread, ends the process with the same words where only another thread meets
// it.
void tell_last_of_threads();

// What is wrong with the working directory: mostly that somebody removed it.
std::optional<graph::Error> lost_directory();

}  // namespace runner

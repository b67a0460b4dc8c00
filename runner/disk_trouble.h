// Failures of the disk in words: what failed, where, and what to do about it.
#pragma once

#include <string>
#include <string_view>

#include "graph/result.h"

namespace runner {

// `action` completes "cannot ...", e.g. "write"; `error_number` is an errno.
graph::Error disk_error(std::string_view action, std::string_view path, int error_number);

// Message and hint as one sentence.
std::string one_sentence(const graph::Error& error);

}  // namespace runner

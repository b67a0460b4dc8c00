// The messages of one file as JSON objects, one a line: mypy's --output json.
#pragma once

#include <string>
#include <vector>

#include "runner/error_table.h"

namespace runner {

// Errors and notes in order; a note at the place of an earlier error becomes a hint of that error.
std::vector<std::string> json_messages(const ErrorTable& table);

}  // namespace runner

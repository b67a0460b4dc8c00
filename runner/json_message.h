// Findings as JSON objects, one a line: mypy's --output json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/error_table.h"
#include "runner/finding.h"

namespace runner {

std::string json_message(const Finding& finding);

// The findings of one file.
std::vector<std::string> json_messages(const ErrorTable& table);

// Reads such a line, as mypy writes it; nothing when it is anything else.
std::optional<Finding> parse_json_message(std::string_view line);

}  // namespace runner

// Where mypy documents an error code.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runner {

// The address of the code's own section; nothing for codes that are not mypy's own.
std::optional<std::string> error_code_page(std::string_view code);

}  // namespace runner

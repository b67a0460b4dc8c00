// The manual page typewave(1), from the option tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/cli_tree.h"

namespace runner {

// In man's macros for roff.
std::string manual_page(const std::vector<TreeCommand>& tree, std::string_view version);

}  // namespace runner

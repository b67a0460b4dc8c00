// Where results are kept when nobody says where.
#pragma once

#include <optional>
#include <string>

namespace runner {

// $XDG_CACHE_HOME/typewave or ~/.cache/typewave; nothing when neither variable is set.
std::optional<std::string> default_store_directory();

}  // namespace runner

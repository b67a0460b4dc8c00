// Which store a command works on, and how large it may become.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "runner/store_limit.h"

namespace runner {

// $XDG_CACHE_HOME/typewave or ~/.cache/typewave; nothing when neither variable is set.
std::optional<std::string> default_store_directory();

// The limit asked for, else that of the project in `cwd`, else the default; read when it is needed.
std::function<StoreLimit()> store_limit_of(std::optional<std::uint64_t> asked, const std::string& cwd);

}  // namespace runner

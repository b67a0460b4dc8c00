#include "runner/store_directory.h"

#include <cstdlib>

namespace runner {

std::optional<std::string> default_store_directory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return std::string(cache) + "/typewave";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::string(home) + "/.cache/typewave";
  }
  return std::nullopt;
}

}  // namespace runner

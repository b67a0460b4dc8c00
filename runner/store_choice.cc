#include "runner/store_choice.h"

#include <cstdlib>

#include "runner/console.h"
#include "runner/disk_trouble.h"
#include "runner/project_config.h"

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

std::function<StoreLimit()> store_limit_of(std::optional<std::uint64_t> asked, const std::string& cwd) {
  return [asked, cwd] {
    if (asked) return StoreLimit{*asked};
    const auto config = read_project_config(cwd);
    if (!config) print_warning(one_sentence(config.error()));
    if (config && config->store_limit) return StoreLimit{*config->store_limit};
    return StoreLimit{};
  };
}

}  // namespace runner

// The project's own settings: [tool.typewave] in pyproject.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

struct ProjectConfig {
  std::optional<std::string> python;  // interpreter that holds the user's mypy; relative to the project
  std::vector<std::string> projects;  // folders with a configuration of their own; relative to the project
  std::optional<std::uint64_t> store_limit;  // bytes
};

// Reads `directory`/pyproject.toml; a missing file or table gives the defaults. A malformed file is left to
// mypy, which has its own words for it; a setting of ours with a wrong type is an error.
graph::Result<ProjectConfig> read_project_config(const std::string& directory);
// The same of the text of such a file; `path` is for messages.
graph::Result<ProjectConfig> parse_project_config(std::string_view text, const std::string& path);

}  // namespace runner

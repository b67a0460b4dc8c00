#include "runner/project_config.h"

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

#include "runner/store_limit.h"

namespace runner {

graph::Result<ProjectConfig> read_project_config(const std::string& directory) {
  const std::string path = directory + "/pyproject.toml";
  std::ifstream file(path, std::ios::binary);
  if (!file) return ProjectConfig{};
  std::ostringstream text;
  text << file.rdbuf();
  ProjectConfig config;
  try {
    const toml::table table = toml::parse(text.str(), path);
    const toml::node_view<const toml::node> own = table["tool"]["typewave"];
    if (const auto python = own["python"]) {
      config.python = python.value<std::string>();
      if (!python.is_string()) {
        return graph::Error{path + ": tool.typewave.python is not a string",
                            "write python = \"path/to/python\" in [tool.typewave]"};
      }
    }
    if (const auto limit = own["store-limit"]) {
      const auto bytes = parse_size(limit.is_string() ? *limit.value<std::string>() : std::string());
      if (!bytes) {
        return graph::Error{path + ": tool.typewave.store-limit is not a size",
                            "write store-limit = \"5G\" in [tool.typewave]"};
      }
      config.store_limit = *bytes;
    }
  } catch (const toml::parse_error&) {
    return ProjectConfig{};
  }
  return config;
}

}  // namespace runner

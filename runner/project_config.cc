#include "runner/project_config.h"

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

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
    const toml::node_view<const toml::node> python = table["tool"]["typewave"]["python"];
    if (!python) return config;
    const auto value = python.value<std::string>();
    if (!value || !python.is_string()) {
      return graph::Error{path + ": tool.typewave.python is not a string",
                          "write python = \"path/to/python\" in [tool.typewave]"};
    }
    config.python = value;
  } catch (const toml::parse_error&) {
    return ProjectConfig{};
  }
  return config;
}

}  // namespace runner

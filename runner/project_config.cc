#include "runner/project_config.h"

#include <toml++/toml.h>

#include "graph/regular_file.h"

namespace runner {

graph::Result<ProjectConfig> read_project_config(const std::string& directory) {
  const std::string path = directory + "/pyproject.toml";
  const graph::FileRead file = graph::read_file(path);
  if (!file.error.empty()) return ProjectConfig{};
  return parse_project_config(file.text, path);
}

graph::Result<ProjectConfig> parse_project_config(std::string_view text, const std::string& path) {
  ProjectConfig config;
  try {
    const toml::table table = toml::parse(text, path);
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

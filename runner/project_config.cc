#include "runner/project_config.h"

#include <toml++/toml.h>

#include "graph/regular_file.h"

#include "runner/store_limit.h"

namespace runner {
namespace {

// As in the worker, for mypy's settings.
constexpr std::uint64_t kLargestSettings = 100'000'000;

using Setting = toml::node_view<const toml::node>;

graph::Result<std::vector<std::string>> strings_of(const Setting& setting, const std::string& path) {
  const graph::Error wrong{path + ": tool.typewave.projects is not a list of strings",
                           "write projects = [\"folder\", ...] in [tool.typewave]"};
  std::vector<std::string> strings;
  if (!setting) return strings;
  const toml::array* list = setting.as_array();
  if (list == nullptr) return wrong;
  for (const toml::node& item : *list) {
    const auto* text = item.as_string();
    if (text == nullptr) return wrong;
    strings.push_back(text->get());
  }
  return strings;
}

}  // namespace

graph::Result<ProjectConfig> read_project_config(const std::string& directory) {
  const std::string path = directory + "/pyproject.toml";
  graph::FileStat stat;
  if (graph::stat_file(path, stat) && graph::is_regular(stat) && stat.size > kLargestSettings) {
    return graph::Error{path + " is larger than 100 MB, which cannot be read as settings", "remove it"};
  }
  const graph::FileRead file = graph::read_file(path);
  if (!file.error.empty()) return ProjectConfig{};
  return parse_project_config(file.text, path);
}

graph::Result<ProjectConfig> parse_project_config(std::string_view text, const std::string& path) {
  ProjectConfig config;
  try {
    const toml::table table = toml::parse(text, path);
    const Setting own = table["tool"]["typewave"];
    if (const Setting python = own["python"]) {
      if (!python.is_string()) {
        return graph::Error{path + ": tool.typewave.python is not a string",
                            "write python = \"path/to/python\" in [tool.typewave]"};
      }
      config.python = python.value<std::string>();
    }
    auto projects = strings_of(own["projects"], path);
    if (!projects) return projects.error();
    config.projects = std::move(*projects);
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

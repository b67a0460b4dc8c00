#include "runner/project_roots.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

namespace runner {
namespace {

namespace fs = std::filesystem;

// mypy's files in the order it looks for them, with the sections that make them count.
struct ConfigFile {
  const char* name;
  const char* section;  // empty: the file counts whatever it holds
  const char* targets_in;
};
constexpr ConfigFile kConfigFiles[] = {{"mypy.ini", "", "[mypy]"},
                                       {".mypy.ini", "", "[mypy]"},
                                       {"pyproject.toml", "[tool.mypy", "[tool.mypy]"},
                                       {"setup.cfg", "[mypy", "[mypy]"}};

std::string trimmed(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<std::vector<std::string>> lines_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(trimmed(line));
  return lines;
}

// The configuration file that counts in a folder, and its lines.
const ConfigFile* config_in(const fs::path& directory, std::vector<std::string>& lines) {
  for (const ConfigFile& config : kConfigFiles) {
    auto found = lines_of(directory / config.name);
    if (!found) continue;
    const std::string section = config.section;
    const bool counts =
        section.empty() || std::any_of(found->begin(), found->end(), [&](const std::string& line) {
          return line.starts_with(section) || line.starts_with("[" + section);
        });
    if (!counts) continue;
    lines = std::move(*found);
    return &config;
  }
  return nullptr;
}

// Lexically below, or the same.
bool is_below(const fs::path& path, const fs::path& directory) {
  const fs::path relative = path.lexically_relative(directory);
  return !relative.empty() && *relative.begin() != "..";
}

fs::path normal(const fs::path& path) {
  fs::path result = path.lexically_normal();
  if (!result.has_filename() && result.has_parent_path() && result != result.root_path()) {
    result = result.parent_path();
  }
  return result;
}

// The nearest folder with a configuration, from the target upwards, not above `top`.
fs::path nearest_config(const fs::path& target, const fs::path& top) {
  std::error_code error;
  fs::path at = fs::is_directory(target, error) ? target : target.parent_path();
  for (; is_below(at, top); at = at.parent_path()) {
    if (has_mypy_config(at)) return at;
    if (at == top || at == at.parent_path()) break;
  }
  return top;
}

std::string relative_to(const fs::path& path, const fs::path& directory) {
  const std::string text = path.lexically_relative(directory);
  return text.empty() ? "." : text;
}

}  // namespace

bool has_mypy_config(const std::string& directory) {
  std::vector<std::string> lines;
  return config_in(directory, lines) != nullptr;
}

bool config_names_targets(const std::string& directory) {
  std::vector<std::string> lines;
  const ConfigFile* config = config_in(directory, lines);
  if (config == nullptr) return false;
  bool inside = false;
  for (const std::string& line : lines) {
    if (line.starts_with('[')) inside = line.starts_with(config->targets_in);
    if (!inside) continue;
    for (const char* name : {"files", "packages", "modules"}) {
      if (!line.starts_with(name)) continue;
      const std::string rest = trimmed(line.substr(std::string(name).size()));
      if (rest.starts_with('=') || rest.starts_with(':')) return true;
    }
  }
  return false;
}

graph::Result<std::vector<ProjectTargets>> group_by_project(const std::string& cwd,
                                                            const std::vector<std::string>& targets,
                                                            const std::vector<std::string>& listed) {
  const fs::path top = normal(cwd);
  std::vector<fs::path> roots;
  for (const std::string& root : listed) {
    const fs::path path = normal(top / root);
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      return graph::Error{"tool.typewave.projects names " + root + ", which is no folder",
                          "name folders relative to pyproject.toml"};
    }
    roots.push_back(path);
  }
  if (targets.empty() && roots.empty()) {
    return graph::Error{"--per-project wants targets, or a list of projects",
                        "write projects = [\"folder\", ...] in [tool.typewave] of pyproject.toml"};
  }
  std::map<fs::path, std::vector<std::string>> groups;
  if (targets.empty()) {
    for (const fs::path& root : roots) groups[root];
  }
  for (const std::string& target : targets) {
    const fs::path path = normal(top / target);
    bool stands_for_projects = false;
    const fs::path* nearest = nullptr;
    for (const fs::path& root : roots) {
      if (is_below(path, root) && (nearest == nullptr || is_below(root, *nearest))) nearest = &root;
      if (root != path && is_below(root, path)) {
        groups[root];
        stands_for_projects = true;
      }
    }
    if (nearest == nullptr && stands_for_projects) continue;
    const fs::path root = nearest != nullptr ? *nearest : nearest_config(path, top);
    groups[root].push_back(relative_to(path, root));
  }
  std::vector<ProjectTargets> projects;
  for (auto& [root, own] : groups) {
    if (own.empty() && !config_names_targets(root)) own.emplace_back(".");
    projects.push_back({relative_to(root, top), std::move(own)});
  }
  return projects;
}

}  // namespace runner

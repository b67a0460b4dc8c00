#include "runner/path_names.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace runner {
namespace {

constexpr std::string_view kMark = "@{";
constexpr std::string_view kRoot = "@{root}";
constexpr std::string_view kUp = "/..";

bool is_in(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

std::string_view parent_of(std::string_view path) {
  return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
}

}  // namespace

Whereabouts whereabouts_of(const std::string& python, const std::string& cwd) {
  const char* home = std::getenv("HOME");
  return {cwd, std::filesystem::path(python).parent_path().parent_path().string(),
          home == nullptr ? "" : home};
}

PathNames::PathNames(const Whereabouts& whereabouts)
    : root_(whereabouts.cwd),
      directories_{{whereabouts.cwd, std::string(kRoot)},
                   {whereabouts.environment, "@{environment}"},
                   {whereabouts.home, "@{home}"}} {
  // Replacing "/" would name everything.
  std::erase_if(directories_, [](const auto& entry) { return entry.first.size() < 2; });
  std::stable_sort(directories_.begin(), directories_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::optional<std::string> PathNames::name_of(const std::string& path) const {
  if (path.starts_with(kMark)) return std::nullopt;
  if (!path.starts_with('/')) return path;
  for (const auto& [directory, name] : directories_) {
    if (is_in(path, directory)) return name + path.substr(directory.size());
  }
  // A directory above the root, or what lies directly in one.
  std::string name(kRoot);
  for (std::string_view above = root_; above.size() > 1;) {
    above = parent_of(above);
    name += kUp;
    if (path == above) return name;
    if (parent_of(path) == above) return name + path.substr(path.rfind('/'));
  }
  return path;
}

std::string PathNames::path_of(const std::string& name) const {
  if (!name.starts_with(kMark)) return name;
  for (const auto& [directory, known] : directories_) {
    if (!is_in(name, known)) continue;
    std::string_view base = directory;
    std::string_view rest = std::string_view(name).substr(known.size());
    while (rest.starts_with(kUp) && (rest.size() == kUp.size() || rest[kUp.size()] == '/')) {
      base = parent_of(base);
      rest.remove_prefix(kUp.size());
    }
    if (rest.empty()) return std::string(base);
    return (base == "/" ? "" : std::string(base)) + std::string(rest);
  }
  return name;
}

bool PathNames::occur_in(std::string_view text) const {
  return std::any_of(directories_.begin(), directories_.end(),
                     [&](const auto& entry) { return text.find(entry.first) != std::string_view::npos; });
}

}  // namespace runner

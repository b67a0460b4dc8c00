// Paths that mean the same file in every checkout.
#include "graph/canonical_path.h"

#include <algorithm>

#include "graph/posix_path.h"

namespace graph {

CanonicalPaths::CanonicalPaths(std::string cwd, const SearchPaths& paths, FileSystem& files)
    : cwd_(std::move(cwd)) {
  // A directory that is not there holds no files; it may be there on another machine, so it takes no number.
  const auto existing = [&](std::vector<std::string> directories) {
    std::erase_if(directories, [&](const std::string& directory) { return !files.is_directory(directory); });
    return directories;
  };
  // typeshed's directories come with mypy and are the same everywhere; their places in the list count.
  add("@typeshed", paths.typeshed_path);
  add("@site", existing(paths.package_path));
  add("@root", {cwd_});
  std::vector<std::string> outside = existing(paths.mypy_path);
  std::erase_if(outside,
                [&](const std::string& directory) { return posix_path::lies_below(directory, cwd_); });
  add("@path", outside);
  std::stable_sort(roots_.begin(), roots_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

void CanonicalPaths::add(const std::string& role, const std::vector<std::string>& directories) {
  std::size_t number = 0;
  for (const std::string& spelled : directories) {
    std::string directory = posix_path::absolute(spelled, cwd_);
    const bool known =
        std::any_of(roots_.begin(), roots_.end(), [&](const auto& root) { return root.first == directory; });
    if (known) continue;
    ++number;
    roots_.emplace_back(std::move(directory), number == 1 ? role : role + std::to_string(number));
  }
}

std::string CanonicalPaths::operator()(std::string_view path) const {
  const std::string absolute = posix_path::absolute(path, cwd_);
  for (const auto& [directory, name] : roots_) {
    if (absolute == directory) return name;
    if (!posix_path::lies_below(absolute, directory)) continue;
    const std::size_t skipped = directory.ends_with('/') ? directory.size() - 1 : directory.size();
    return name + absolute.substr(skipped);
  }
  return absolute;
}

}  // namespace graph

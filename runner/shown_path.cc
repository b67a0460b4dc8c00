#include "runner/shown_path.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace runner {

std::string normalized_path(std::string_view path) {
  if (path.empty()) return ".";
  // POSIX gives a meaning of its own to exactly two leading slashes, and Python keeps them.
  std::size_t slashes = 0;
  while (slashes < path.size() && path[slashes] == '/') ++slashes;
  std::string normal(slashes == 2 ? 2 : slashes > 0 ? 1 : 0, '/');
  const bool rooted = slashes > 0;

  std::vector<std::string_view> parts;
  for (std::size_t begin = slashes; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != ".." || (!rooted && parts.empty()) || (!parts.empty() && parts.back() == "..")) {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) normal += '/';
    normal += parts[i];
  }
  return normal.empty() ? "." : normal;
}

ShownPath::ShownPath(std::string_view cwd, bool absolute)
    : cwd_(cwd), prefix_(normalized_path(cwd)), absolute_(absolute) {
  if (!prefix_.ends_with('/')) prefix_ += '/';
}

std::string ShownPath::of_file(std::string_view path) const {
  if (!absolute_) {
    const std::string normal = normalized_path(path);
    return std::string(of_importer(normal));
  }
  if (path.starts_with('/')) return normalized_path(path);
  return normalized_path(cwd_ + '/' + std::string(path));
}

std::string_view ShownPath::of_importer(std::string_view path) const {
  return path.starts_with(prefix_) ? path.substr(prefix_.size()) : path;
}

}  // namespace runner

// Paths as text, computed as Python's posixpath does.
#include "graph/posix_path.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace graph::posix_path {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    if (end > start) parts.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::string join_all(const std::vector<std::string_view>& parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (!text.empty()) text += '/';
    text += part;
  }
  return text;
}

// POSIX gives exactly two leading slashes a meaning of their own, so normpath keeps them.
std::size_t leading_slashes(std::string_view path) {
  if (!path.starts_with('/')) return 0;
  return path.starts_with("//") && !path.starts_with("///") ? 2 : 1;
}

}  // namespace

std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const std::size_t cut = path.rfind('/') + 1;  // npos + 1 is 0
  std::string_view head = path.substr(0, cut);
  const std::size_t last = head.find_last_not_of('/');
  if (last != std::string_view::npos) head = head.substr(0, last + 1);
  return {head, path.substr(cut)};
}

std::string_view dirname(std::string_view path) {
  return split(path).first;
}

std::string_view basename(std::string_view path) {
  return split(path).second;
}

std::string join(std::string_view directory, std::string_view name) {
  if (name.starts_with('/') || directory.empty()) return std::string(name);
  std::string path;
  path.reserve(directory.size() + name.size() + 1);
  path += directory;
  if (!directory.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::pair<std::string_view, std::string_view> split_extension(std::string_view path) {
  const std::size_t name = path.rfind('/') + 1;
  const std::size_t dot = path.rfind('.');
  const std::size_t first = path.find_first_not_of('.', name);
  if (dot == std::string_view::npos || first == std::string_view::npos || dot < first) return {path, {}};
  return {path.substr(0, dot), path.substr(dot)};
}

std::string normalise(std::string_view path) {
  const std::size_t slashes = leading_slashes(path);
  std::vector<std::string_view> kept;
  for (const std::string_view part : components(path)) {
    if (part == ".") continue;
    if (part != ".." || (slashes == 0 && kept.empty()) || (!kept.empty() && kept.back() == "..")) {
      kept.push_back(part);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string text = std::string(slashes, '/') + join_all(kept);
  return text.empty() ? "." : text;
}

std::string absolute(std::string_view path, std::string_view cwd) {
  return normalise(join(cwd, path));
}

std::string relative(std::string_view path, std::string_view cwd) {
  const std::vector<std::string_view> from = components(cwd);
  const std::vector<std::string_view> to = components(path);
  const auto [from_rest, to_rest] = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
  std::vector<std::string_view> steps(static_cast<std::size_t>(from.end() - from_rest), "..");
  steps.insert(steps.end(), to_rest, to.end());
  return steps.empty() ? "." : join_all(steps);
}

bool lies_below(std::string_view path, std::string_view directory) {
  if (!path.starts_with(directory)) return false;
  return directory.ends_with('/') || (path.size() > directory.size() && path[directory.size()] == '/');
}

}  // namespace graph::posix_path

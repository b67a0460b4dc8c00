// A file system in memory for tests; it records what was asked of it.
#include "tests/support/memory_file_system.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "graph/posix_path.h"

namespace support {

using graph::FileKind;
namespace posix_path = graph::posix_path;

MemoryFileSystem::MemoryFileSystem(std::string cwd) : cwd_(std::move(cwd)) {
  nodes_["/"] = {FileKind::kDirectory, ""};
  add_directory(cwd_);
}

MemoryFileSystem::MemoryFileSystem(std::string cwd, std::string_view paths)
    : MemoryFileSystem(std::move(cwd)) {
  std::istringstream words{std::string(paths)};
  for (std::string path; words >> path;) path.ends_with('/') ? add_directory(path) : add_file(path);
}

std::string MemoryFileSystem::absolute(std::string_view path) const {
  const std::string absolute = posix_path::absolute(path, cwd_);
  return absolute.starts_with("//") ? absolute.substr(1) : absolute;
}

void MemoryFileSystem::add(std::string_view path, Node node) {
  std::string place = absolute(path);
  listings_.clear();
  nodes_[place] = std::move(node);
  while (place != "/") {
    place = std::string(posix_path::dirname(place));
    nodes_.try_emplace(place, Node{FileKind::kDirectory, ""});
  }
}

void MemoryFileSystem::add_file(std::string_view path, std::string content) {
  add(path, {FileKind::kFile, std::move(content)});
}

void MemoryFileSystem::add_directory(std::string_view path) {
  add(path, {FileKind::kDirectory, ""});
}

void MemoryFileSystem::add_other(std::string_view path, FileKind kind) {
  add(path, {kind, ""});
}

void MemoryFileSystem::forbid_listing(std::string_view path) {
  unlistable_.insert(absolute(path));
}

const std::vector<graph::DirectoryEntry>* MemoryFileSystem::list(const std::string& directory) {
  const std::string place = absolute(directory);
  lists_.push_back(place);
  if (kind(place) != FileKind::kDirectory || unlistable_.contains(place)) return nullptr;
  const auto [listing, is_new] = listings_.try_emplace(place);
  if (is_new) {
    for (const auto& [path, node] : nodes_) {
      if (path == "/" || posix_path::dirname(path) != place) continue;
      listing->second.push_back({std::string(posix_path::basename(path)), node.kind});
    }
    std::sort(listing->second.begin(), listing->second.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  return &listing->second;
}

FileKind MemoryFileSystem::kind(const std::string& path) {
  if (path.empty()) return FileKind::kMissing;
  const auto node = nodes_.find(absolute(path));
  if (node == nodes_.end()) return FileKind::kMissing;
  const bool as_directory = path.ends_with('/');
  return as_directory && node->second.kind != FileKind::kDirectory ? FileKind::kMissing : node->second.kind;
}

graph::Result<std::string> MemoryFileSystem::read(const std::string& path) {
  reads_.push_back(absolute(path));
  const auto node = nodes_.find(absolute(path));
  if (node == nodes_.end() || node->second.kind == FileKind::kMissing) {
    return graph::Error{.message = "No such file or directory"};
  }
  if (node->second.kind == FileKind::kDirectory) return graph::Error{.message = "Is a directory"};
  return node->second.content;
}

}  // namespace support

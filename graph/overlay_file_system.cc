// The disk as it was before some files changed.
#include "graph/overlay_file_system.h"

#include <algorithm>
#include <utility>

#include "graph/posix_path.h"

namespace graph {
namespace {

// No clean checkout has these, so they do not keep a directory alive.
bool is_left_behind(std::string_view name) {
  return name.starts_with('.') || name == "__pycache__";
}

}  // namespace

OverlayFileSystem::OverlayFileSystem(FileSystem& now, const EarlierFiles& earlier, std::string cwd)
    : now_(now), earlier_(earlier), cwd_(std::move(cwd)) {
  for (const auto& [path, content] : earlier_) {
    std::string below = path;
    for (bool inside = true; inside && below != "/";) {
      const auto [directory, name] = posix_path::split(below);
      const std::string above(directory);
      inside = names_[above].emplace(name).second;
      if (content) inside = directories_.insert(above).second || inside;
      below = above;
    }
  }
}

bool OverlayFileSystem::was_empty(const std::string& directory) {
  if (directories_.contains(directory)) return false;
  if (!names_.contains(directory)) return false;  // nothing in it changed
  if (const auto known = empty_.find(directory); known != empty_.end()) return known->second;
  const auto* entries = now_.list(directory);
  const bool empty =
      entries != nullptr && std::all_of(entries->begin(), entries->end(), [&](const DirectoryEntry& entry) {
        return is_left_behind(entry.name) ||
               kind_of(posix_path::join(directory, entry.name)) == FileKind::kMissing;
      });
  return empty_[directory] = empty;
}

FileKind OverlayFileSystem::kind_of(const std::string& path) {
  if (directories_.contains(path)) return FileKind::kDirectory;
  if (const auto it = earlier_.find(path); it != earlier_.end()) {
    return it->second ? FileKind::kFile : FileKind::kMissing;
  }
  const FileKind kind = now_.kind(path);
  return kind == FileKind::kDirectory && was_empty(path) ? FileKind::kMissing : kind;
}

FileKind OverlayFileSystem::kind(const std::string& path) {
  if (path.empty()) return FileKind::kMissing;
  const std::string absolute = posix_path::absolute(path, cwd_);
  const auto [directory, name] = posix_path::split(absolute);
  const auto known = names_.find(std::string(directory));
  if (known == names_.end() || !known->second.contains(std::string(name))) return now_.kind(path);
  const FileKind kind = kind_of(absolute);
  if (path.ends_with('/') && kind != FileKind::kDirectory) return FileKind::kMissing;
  return kind;
}

const std::vector<DirectoryEntry>* OverlayFileSystem::list(const std::string& directory) {
  const std::string absolute = posix_path::absolute(directory, cwd_);
  const auto differing = names_.find(absolute);
  if (differing == names_.end()) return now_.list(directory);
  if (const auto known = listings_.find(absolute); known != listings_.end()) return &known->second;
  if (kind_of(absolute) != FileKind::kDirectory) return nullptr;
  std::vector<DirectoryEntry> entries;
  if (now_.is_directory(absolute)) {
    if (const auto* listed = now_.list(absolute)) entries = *listed;
  }
  std::erase_if(entries, [&](const DirectoryEntry& entry) { return differing->second.contains(entry.name); });
  for (const std::string& name : differing->second) {
    const FileKind kind = kind_of(posix_path::join(absolute, name));
    if (kind != FileKind::kMissing) entries.push_back({name, kind});
  }
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return &listings_.emplace(absolute, std::move(entries)).first->second;
}

Result<std::string> OverlayFileSystem::read(const std::string& path) {
  const auto it = earlier_.find(posix_path::absolute(path, cwd_));
  if (it == earlier_.end()) return now_.read(path);
  if (!it->second) return Error{.message = "No such file or directory"};
  return *it->second;
}

}  // namespace graph

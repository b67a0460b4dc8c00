// How the graph looks at the disk: listings, kinds and contents, each asked at most once in a run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace graph {

enum class FileKind : std::uint8_t { kMissing, kFile, kDirectory, kOther };

// One name in a directory. Symbolic links are followed: `kind` is that of the target (kMissing if dangling).
struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::kMissing;
};

// The entry of that name in a sorted listing, or null.
inline const DirectoryEntry* find_entry(const std::vector<DirectoryEntry>& entries, std::string_view name) {
  const auto it = std::lower_bound(entries.begin(), entries.end(), name,
                                   [](const DirectoryEntry& entry, std::string_view wanted) {
                                     return std::string_view(entry.name) < wanted;
                                   });
  return it != entries.end() && it->name == name ? &*it : nullptr;
}

// A view of the file system that stays the same for a whole run. Paths are absolute, or relative to the
// process's working directory. Not thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // The entries of `directory` sorted by name, or null when it cannot be listed. Valid until the view is
  // gone.
  virtual const std::vector<DirectoryEntry>* list(const std::string& directory) = 0;
  // The kind of `path` behind links.
  virtual FileKind kind(const std::string& path) = 0;
  // The whole content of a regular file.
  virtual Result<std::string> read(const std::string& path) = 0;

  bool is_file(const std::string& path) { return kind(path) == FileKind::kFile; }
  bool is_directory(const std::string& path) { return kind(path) == FileKind::kDirectory; }
};

}  // namespace graph

// A file system in memory for tests; it records what was asked of it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/file_system.h"

namespace support {

// Files are added by absolute path; the directories above them come into being. Relative paths are taken from
// the working directory. `.`, `..` and double slashes are understood as text.
class MemoryFileSystem : public graph::FileSystem {
 public:
  explicit MemoryFileSystem(std::string cwd = "/work");
  // Empty files for the paths, which are separated by white space; `a/b/` is an empty directory.
  MemoryFileSystem(std::string cwd, std::string_view paths);

  void add_file(std::string_view path, std::string content = "");
  void add_directory(std::string_view path);
  // A link to nowhere, a pipe: listed, but neither file nor directory.
  void add_other(std::string_view path, graph::FileKind kind);
  // The directory can still be entered but no longer listed.
  void forbid_listing(std::string_view path);

  const std::vector<graph::DirectoryEntry>* list(const std::string& directory) override;
  graph::FileKind kind(const std::string& path) override;
  graph::Result<std::string> read(const std::string& path) override;

  // What was asked for, absolute, in order.
  const std::vector<std::string>& lists() const { return lists_; }
  const std::vector<std::string>& reads() const { return reads_; }

 private:
  struct Node {
    graph::FileKind kind = graph::FileKind::kFile;
    std::string content;
  };
  void add(std::string_view path, Node node);
  std::string absolute(std::string_view path) const;

  std::string cwd_;
  std::map<std::string, Node> nodes_;
  std::set<std::string> unlistable_;
  std::map<std::string, std::vector<graph::DirectoryEntry>> listings_;
  std::vector<std::string> lists_, reads_;
};

}  // namespace support

// The disk as it was before some files changed: what those files held then in place of what they hold now.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/file_system.h"

namespace graph {

// By absolute, normalised path: the earlier content of a file, or nothing where there was none.
using EarlierFiles = std::map<std::string, std::optional<std::string>>;

// Looks through `now` at everything that is not among the earlier files. A directory in which nothing is left
// but what versions are not kept of (hidden names, __pycache__) was not there; one that an earlier file lies
// in was. The references must outlive it.
class OverlayFileSystem final : public FileSystem {
 public:
  // `cwd` is absolute: relative paths start there.
  OverlayFileSystem(FileSystem& now, const EarlierFiles& earlier, std::string cwd);

  const std::vector<DirectoryEntry>* list(const std::string& directory) override;
  FileKind kind(const std::string& path) override;
  Result<std::string> read(const std::string& path) override;

 private:
  FileKind kind_of(const std::string& path);
  bool was_empty(const std::string& directory);

  FileSystem& now_;
  const EarlierFiles& earlier_;
  std::string cwd_;
  std::set<std::string> directories_;                   // that earlier files lie in, with those above
  std::map<std::string, std::set<std::string>> names_;  // directory -> names in it that may differ
  std::unordered_map<std::string, std::vector<DirectoryEntry>> listings_;
  std::unordered_map<std::string, bool> empty_;
};

}  // namespace graph

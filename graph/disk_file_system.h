// The real file system, remembered: each directory is read once, each other path asked for once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/disk_observations.h"
#include "graph/file_system.h"

namespace graph {

// Reads the disk below the process's working directory as it was at construction. Names compare by their
// bytes, so file systems that ignore case are answered for as if they did not.
class DiskFileSystem : public FileSystem {
 public:
  DiskFileSystem();

  const std::vector<DirectoryEntry>* list(const std::string& directory) override;
  FileKind kind(const std::string& path) override;
  // The content is not remembered. The error's message is the system's (strerror) without the path.
  Result<std::string> read(const std::string& path) override;

  // Everything that was asked so far.
  DiskObservations observations() const;

 private:
  struct Listing {
    bool listable = false;
    std::vector<DirectoryEntry> entries;
    FileStat stat;                       // from before
    FileKind kind = FileKind::kMissing;  // of what cannot be listed
    std::vector<std::string> links;      // names of entries whose kind is that of something else
  };

  // One spelling for a path: absolute, without `.` and double slashes. `..` stays: behind a link it leads
  // elsewhere.
  std::string_view key_of(std::string_view path, std::string& buffer) const;
  const Listing* known_listing(const std::string& key) const;

  std::string cwd_;
  std::unordered_map<std::string, Listing> listings_;  // by key
  std::unordered_map<std::string, FileKind> kinds_;    // by key; what no listing could answer
  std::unordered_map<std::string, FileKind> named_;    // by key; files that listings answered for by name
  std::unordered_map<std::string, SeenFile> read_;     // by path
};

// The kind of what is behind a path, asked anew.
FileKind kind_on_disk(const std::string& path);

}  // namespace graph

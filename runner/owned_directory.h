// A directory that nobody else may plant files in: opened once, then used by descriptor, never through links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/file_handle.h"

namespace runner {

enum class Creation { kNever, kIfMissing };

class OwnedDirectory {
 public:
  // Opens the directory at `path`, following links in it, and creates it and its parents if asked to (its own
  // mode is 0700).
  static graph::Result<OwnedDirectory> open(const std::filesystem::path& path, Creation creation);
  // Opens a directory inside this one; a link of that name is refused.
  graph::Result<OwnedDirectory> open_child(const std::string& name, Creation creation) const;

  // Opens a regular file of ours for reading. A link, a pipe or somebody else's file is refused.
  graph::Result<FileHandle> open_file(const std::string& name) const;
  // The content of such a file, or nothing.
  std::optional<std::string> read(const std::string& name) const;
  // Its last `size` bytes (none: all of them), or nothing.
  std::optional<std::string> read_end(const std::string& name, std::optional<std::size_t> size) const;
  // The names in it but "." and "..", unsorted.
  std::vector<std::string> names() const;
  bool remove(const std::string& name) const;
  // Whether something of this name is there that is no regular file, which nothing of ours is.
  bool is_displaced(const std::string& name) const;
  // Removes whatever has this name, directories with all they hold; links are not followed.
  bool remove_anything(const std::string& name) const;
  // Makes renames in this directory durable.
  void sync() const;
  // Marks the directory as a cache for backup programs (https://bford.info/cachedir/), unless it already is.
  void write_cache_tag() const;
  // Sees to it that a small file has this content.
  void keep_note(const std::string& name, std::string_view text) const;

  int descriptor() const { return handle_.get(); }
  // For messages.
  const std::string& path() const { return path_; }
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

 private:
  OwnedDirectory(FileHandle handle, std::string path) : handle_(std::move(handle)), path_(std::move(path)) {}
  static graph::Result<OwnedDirectory> adopt(int descriptor, int error_number, std::string path);

  FileHandle handle_;
  std::string path_;
};

}  // namespace runner

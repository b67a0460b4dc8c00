// Reading source files from the disk, and what tells that one has not changed since.
#pragma once

#include <cstdint>
#include <string>

namespace graph {

// The identity of a file's content as far as the system tells it without reading.
struct FileStat {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t mode = 0;  // type and permissions

  bool operator==(const FileStat&) const = default;
  bool is_regular() const;
  bool is_directory() const;
};

// What came of reading one path.
struct FileRead {
  std::string text;
  std::string error;    // the system's message; empty when reading worked
  FileStat stat;        // from before reading
  bool stable = false;  // the file looked the same after reading: `stat` describes `text`
};

// False when `path` has no file behind it or it cannot be looked at. Follows links.
bool stat_file(const std::string& path, FileStat& stat);

// Reads a whole regular file. A directory has an empty text, as mypy sees it; a pipe, socket or device is an
// error and is never waited for.
FileRead read_file(const std::string& path);

}  // namespace graph

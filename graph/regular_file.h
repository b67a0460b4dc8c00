// Reading source files from the disk, and what tells that one has not changed since.
#pragma once

#include <cstdint>
#include <string>

#include "graph/scan_memory.h"

namespace graph {

// What is larger is not read: some files of the system, and files with holes, claim sizes beyond all memory.
inline constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;

// What came of reading one path.
struct FileRead {
  std::string text;
  std::string error;    // the system's message; empty when reading worked
  FileStat stat;        // from before reading
  bool stable = false;  // the file looked the same after reading: `stat` describes `text`
};

bool is_regular(const FileStat& stat);

// False when `path` has no file behind it or it cannot be looked at. Follows links.
bool stat_file(const char* path, FileStat& stat);
inline bool stat_file(const std::string& path, FileStat& stat) {
  return stat_file(path.c_str(), stat);
}

// Reads a whole regular file. A directory has an empty text, as mypy sees it; a pipe, socket or device is an
// error and is never waited for.
FileRead read_file(const std::string& path);

}  // namespace graph

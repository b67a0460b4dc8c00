// What a file scanner may remember from one run to the next.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graph/import_scanner.h"
#include "graph/module_graph.h"

namespace graph {

// What the system says of a file without reading it. If all of it is the same, so is the content, unless the
// file changed within one tick of the file system's clock; a ScanMemory takes care of that.
struct FileStat {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  // since the epoch
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t mode = 0;

  bool operator==(const FileStat&) const = default;
};

struct ScanToRemember {
  const std::string* path = nullptr;
  const ScanTarget* target = nullptr;
  FileStat stat;  // as of remember()
  const ScannedFile* file = nullptr;
};

// Thread-safe. It must exist before the first file of a run is looked at, because it takes the moment of its
// creation as the earliest moment a file can have changed unseen.
class ScanMemory {
 public:
  virtual ~ScanMemory() = default;
  // Fills `file` and returns true if this very file was scanned for this target before; `file` is unchanged
  // otherwise.
  virtual bool recall(const std::string& path, const ScanTarget& target, const FileStat& stat,
                      ScannedFile& file) = 0;
  // The same, but it is `stat` that is filled in: moves out what was recalled ahead of being asked, from a
  // look at the file in this run. Nothing may have been.
  virtual bool take_anticipated(const std::string& /*path*/, const ScanTarget& /*target*/, FileStat& /*stat*/,
                                ScannedFile& /*file*/) {
    return false;
  }
  // `stat` must have been taken before the first byte was read, and from the opened file.
  virtual void remember(const std::string& path, const ScanTarget& target, const FileStat& stat,
                        const ScannedFile& file) = 0;
  // The same of several, perhaps later: all that the pointers lead to has to stay as long as this memory.
  virtual void remember_later(std::span<const ScanToRemember> scans) {
    for (const ScanToRemember& scan : scans) remember(*scan.path, *scan.target, scan.stat, *scan.file);
  }
  // Whether recall() would find nothing, whatever it is asked.
  virtual bool empty() { return false; }
};

}  // namespace graph

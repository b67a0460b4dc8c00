// What a run saw of the disk, in a form that lets a later run tell without looking at any content that it
// would see the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"
#include "graph/file_system.h"
#include "graph/scan_memory.h"

namespace graph {

// A directory that was listed. `stat` is from before it was listed; without one its entries are compared.
struct SeenDirectory {
  std::string path;
  std::optional<FileStat> stat;
  Digest entries;  // digest_of_entries()

  bool operator==(const SeenDirectory&) const = default;
};

// A path that was asked for by name, or a link met in a listing: its target may change under it.
struct SeenPath {
  std::string path;
  FileKind kind = FileKind::kMissing;

  bool operator==(const SeenPath&) const = default;
};

// A file whose content was read. `stat` is from before it was read.
struct SeenFile {
  std::string path;
  FileStat stat;

  bool operator==(const SeenFile&) const = default;
};

struct DiskObservations {
  std::vector<SeenDirectory> directories;
  std::vector<SeenPath> paths;
  std::vector<SeenFile> files;
  // False when something was seen that the three lists cannot express; then nothing may be concluded.
  bool complete = true;

  bool operator==(const DiskObservations&) const = default;
};

// Of the names and kinds that can decide how modules are found. Files that cannot be modules, and hidden
// entries, which no walk enters and no import names, may come and go.
Digest digest_of_entries(const std::vector<DirectoryEntry>& entries);

// Whether digest_of_entries() counts an entry of this name whatever it is.
bool always_matters(std::string_view name);

// Whether a later run would see the same. Sound as long as no observation's file or directory could change
// within one tick of the file system's clock after it was made.
bool still_hold(const DiskObservations& observations, unsigned threads);

}  // namespace graph

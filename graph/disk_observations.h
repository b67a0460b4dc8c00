// What a run saw of the disk, in a form that lets a later run tell that it would see the same: without
// looking at any content where nothing was touched, by the content elsewhere, also in another checkout.
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
  Digest entries;  // digest_of_entries(); all zeros if it cannot be listed

  bool operator==(const SeenDirectory&) const = default;
};

// A path that was asked for by name, or a link met in a listing: its target may change under it.
struct SeenPath {
  std::string path;
  FileKind kind = FileKind::kMissing;

  bool operator==(const SeenPath&) const = default;
};

// A file whose content was read. `stat` is from before it was read. The digests are all zeros if it could not
// be read.
struct SeenFile {
  std::string path;
  FileStat stat;
  Digest digest;
  Digest code;   // as of ScannedFile; the same as `digest` for what is no source
  Digest shape;  // likewise
  // Whether lines may move: a fact about what came of this run, not about the file.
  bool by_shape = false;

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

// What stats alone told of observations some moments ago.
struct Glance {
  // By place among the directories, the paths and the files, in this order: not 0 for what is as it was.
  std::vector<std::uint8_t> same;

  bool all_same() const;
};

// What came of looking again.
struct Refreshed {
  bool stats = false;  // something was touched: the observations hold other stats now
  bool bytes = false;  // a file's bytes differ
  bool code = false;   // a directory's entries, the kind of something, or a file's code differ

  void operator|=(const Refreshed& other);
  bool operator==(const Refreshed&) const = default;
};

// Whether a file holds other code than it did.
bool holds_other_code(const SeenFile& seen);

// Makes the observations those of now, looking at contents only where a stat differs or is not known. Sound
// as long as no observation's file or directory could change within one tick of the file system's clock after
// it was made. `want_code`: else a changed file's code digest is that of its bytes. `glance`: of these very
// observations, or empty; what it says need not be asked again.
Refreshed look_again(DiskObservations& observations, unsigned threads, bool want_code,
                     const Glance& glance = {});

}  // namespace graph

// What a run saw of the disk as bytes that are compared with the disk as they lie there: mostly nothing was
// touched, and no observation has to be made of them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/byte_codec.h"
#include "graph/disk_observations.h"

namespace graph {

// Apart from each other: paths with their stats and kinds, and digests, which matter only when something was
// touched.
//   sights  = names of directories, a stat and whether it counts for each; names of paths, a kind (u8) for
//             each; names of files, a stat for each
//   digests = of each directory its entries'; of each file its digest, code, shape and by_shape (u8)
void write_sights(ByteWriter& out, const DiskObservations& seen);
void write_digests(ByteWriter& out, const DiskObservations& seen);

// Who wants to know of an edit while others are still being looked for.
struct EditWatch {
  std::string_view digests;       // bytes that end with what write_digests() wrote of these sights
  std::function<void()> on_edit;  // called once, from any thread, when a file turns out to hold other code
};

// Refers to the bytes it was read from.
class PackedSights {
 public:
  // Nothing, and a reader that failed, unless this is well-formed.
  static std::optional<PackedSights> read(ByteReader& in);

  // Files that changed last are looked at first: who edits a file often goes on with it.
  Glance glance(unsigned threads, const EditWatch& watch = {}) const;
  // The observations; `digests` fails if it does not hold those of them.
  DiskObservations unpack(ByteReader& digests) const;

 private:
  class Edits;

  bool same(std::size_t i) const;
  std::vector<std::size_t> newest_files() const;
  SeenFile file(std::size_t i, ByteReader& digests) const;
  std::size_t size() const { return directories_.size() + paths_.size() + files_.size(); }

  NameArena directories_;
  std::string_view directory_stats_;
  NameArena paths_;
  std::string_view kinds_;
  NameArena files_;
  std::string_view file_stats_;
};

}  // namespace graph

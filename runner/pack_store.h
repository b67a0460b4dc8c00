// The local content-addressed store: immutable packs of compressed, checksummed records in one directory,
// shared by any number of processes at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"

namespace runner {

enum class RecordKind : std::uint8_t {
  kManifest = 1,   // static key -> (used set -> outcome); several records may share a key
  kTouched = 2,    // digest of a manifest record -> symbols its check looked at
  kInterface = 3,  // interface digest -> canonical interface bytes
  kProbe = 4,      // probe key -> answer of the user's mypy; several records may share a key
  kPlugins = 5,    // what decides a plugin's word on a module -> the dependencies it adds
  kSightings = 6,  // a run's inputs besides the disk -> digests of sets of paths; several may share a key
  kPaths = 7,      // digest of a set of paths -> the paths that a run looked at
  kAnswer = 8,     // inputs, paths and what was there -> what the whole run gave
};
constexpr std::size_t kRecordKinds = 8;

struct StoreCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t corrupt = 0;  // records or packs that failed their checksum; treated as absent
};

// A failure of the disk never fails a run: reads miss, writes are dropped, and `trouble()` says why once.
class PackStore {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Opens or creates the store at `directory` (mode 0700). A store that cannot be created or written still
  // opens; nothing is kept then.
  static std::unique_ptr<PackStore> open(const std::filesystem::path& directory, Access access);
  virtual ~PackStore() = default;

  // The newest record, or nothing. Every byte returned was verified.
  virtual std::optional<std::string> get(RecordKind kind, const graph::Digest& key) = 0;
  // All records under a key, newest first.
  virtual std::vector<std::string> get_all(RecordKind kind, const graph::Digest& key) = 0;
  virtual bool contains(RecordKind kind, const graph::Digest& key) = 0;
  // Keeps a record; readable at once in this process, by others after flush().
  virtual void put(RecordKind kind, const graph::Digest& key, std::string_view bytes) = 0;
  // Publishes everything put so far as one pack: complete, durable, then renamed into place.
  virtual void flush() = 0;
  // Forgets everything put since the last flush().
  virtual void discard() = 0;

  virtual StoreCounters counters() const = 0;
  // The first trouble with the disk, for one warning; empty if none.
  virtual std::string trouble() const = 0;
};

}  // namespace runner

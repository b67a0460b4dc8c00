// The local content-addressed store: immutable packs of compressed, checksummed records in one directory,
// shared by any number of processes at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"
#include "runner/store_limit.h"

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
  kBodies = 9,     // what a component depends on besides sources -> what its bodies said
};
constexpr std::size_t kRecordKinds = 9;

struct StoreCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t corrupt = 0;  // records or packs that failed their checksum; treated as absent
};

// One run of a project, for the store's books.
struct ProjectRun {
  std::string folder;
  std::uint64_t reused = 0;
  std::uint64_t checked = 0;  // components
  bool repeated = false;      // the answer was known, nothing was looked up for it
};

// A failure of the disk never fails a run: reads miss, writes are dropped, and `trouble()` says why once.
class PackStore {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Opens or creates the store at `directory` (mode 0700). A store that cannot be created or written still
  // opens; nothing is kept then. `limit` is asked once, when there is something to keep.
  static std::unique_ptr<PackStore> open(const std::filesystem::path& directory, Access access,
                                         std::function<StoreLimit()> limit = {});
  virtual ~PackStore() = default;

  // The newest record, or nothing. Every byte returned was verified.
  virtual std::optional<std::string> get(RecordKind kind, const graph::Digest& key) = 0;
  // All records under a key, newest first; the oldest may be left out when they are more than anybody needs.
  virtual std::vector<std::string> get_all(RecordKind kind, const graph::Digest& key) = 0;
  virtual bool contains(RecordKind kind, const graph::Digest& key) = 0;
  // Keeps a record; readable at once in this process, by others after flush().
  virtual void put(RecordKind kind, const graph::Digest& key, std::string_view bytes) = 0;
  // Publishes everything put so far: complete, durable, then renamed into place, and nothing before what it
  // names. A store that becomes too large drops what was used least recently.
  virtual void flush() = 0;
  // What there is to be read, as far as the system tells without opening it: the same as long as nothing was
  // added, removed or written to.
  virtual graph::Digest condition() const { return {}; }
  // Looks into everything now, which finds and removes what is damaged; else that is done on first use.
  virtual void open_all() {}

  // Makes readable what other processes have published meanwhile.
  virtual void refresh() {}
  // Whether that was ever anything.
  virtual bool has_grown() const { return false; }

  // Whether this process may compute the manifest of a key: nobody else is at it. Released when it is
  // published, or given back, or when the process ends.
  virtual bool claim(const graph::Digest&) { return true; }
  virtual void release(const graph::Digest&) {}
  virtual void note_waiting(bool) {}
  virtual bool others_wait() const { return false; }

  // Notes who used what was found and put so far.
  virtual void note_run(const ProjectRun&) {}
  // Counts a record as used that this run needs but does not read.
  virtual void note_use(RecordKind, const graph::Digest&) {}
  // Forgets everything put since the last flush().
  virtual void discard() = 0;

  virtual StoreCounters counters() const = 0;
  // The first trouble with the disk, for one warning; empty if none.
  virtual std::string trouble() const = 0;
};

}  // namespace runner

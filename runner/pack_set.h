// The packs of a store as one process sees them: those there at its start, and those that others add
// meanwhile.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "runner/pack_directory.h"
#include "runner/pack_reader.h"
#include "runner/record_table.h"

namespace runner {

// A record in a pack, which stays open as long as this.
struct PackMatch {
  std::shared_ptr<PackReader> pack;
  RecordPlace place;
};

// Thread-safe. Packs stay readable when others remove their files.
class PackSet {
 public:
  struct Context {
    const PackDirectory& directory;
    BlockCaches& caches;
    std::atomic<std::uint32_t>& next_layer;
    std::atomic<std::uint64_t>& corrupt;  // counts packs and blocks found broken
    bool remove_corrupt = false;
    std::function<void(const graph::Error&)> note;  // troubles with the disk
  };

  // Opens what is there.
  explicit PackSet(Context context);

  // Opens what came since. Costs one look at the directory when nothing did.
  void refresh();
  // Whether anything came since the start.
  bool has_grown() const;
  // This pack's records are in memory already.
  void leave_out(const std::string& name);

  // The newest first.
  std::vector<PackMatch> find(const RecordName& name) const;
  // By name, the newest first.
  std::vector<std::pair<std::string, std::shared_ptr<PackReader>>> packs() const;
  // Whether a pack that was opened or left out is no longer in the directory.
  bool any_vanished() const;

 private:
  using Pack = std::shared_ptr<PackReader>;
  struct Generation {
    std::vector<std::string> names;
    std::vector<Pack> packs;
    std::unique_ptr<const RecordTable> table;
  };

  Generation open_new();
  Pack open_pack(const std::string& name);
  static std::unique_ptr<const RecordTable> table_of(const std::vector<Pack>& packs);
  void drop_vanished(const std::vector<std::string>& listed);

  const Context context_;
  mutable std::mutex refresh_mutex_;
  std::int64_t seen_ns_ = 0;
  std::set<std::string> known_;  // opened, left out, or of no use
  std::set<std::string> left_out_;
  mutable std::shared_mutex mutex_;      // of what follows
  std::vector<Generation> generations_;  // the first is that of the start
};

// The table of contents of a pack, or null: gone, foreign or broken, the last of which is counted.
std::unique_ptr<PackReader> open_reader(const std::string& name, const PackSet::Context& context);

}  // namespace runner

// What of a store is worth its room: the records used last, each with everything it names.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runner/pack_builder.h"
#include "runner/pack_reader.h"

namespace runner {

// A pack as collection sees it.
struct CountedPack {
  std::string name;
  std::shared_ptr<PackReader> reader;
  std::int64_t written_ns = 0;
};

// Where a record is: the number of its pack, and of its place in the pack's table.
struct RecordRef {
  std::uint32_t pack = 0;
  std::uint32_t record = 0;
};

// Chooses in two steps: first what fits; then, when it is known which packs stay as they are, what those
// name.
class LiveRecords {
 public:
  // `packs` newest first; `uses` by key_start(). `now_ns` tells what is so young that somebody may still
  // be about to name it. Reads every manifest.
  LiveRecords(const std::vector<CountedPack>& packs,
              const std::unordered_map<std::uint64_t, std::int64_t>& uses, std::int64_t now_ns);

  // Keeps what was used last, up to about so many bytes of packs.
  void keep_within(std::uint64_t bytes);
  // Keeps all of a pack, and what it names elsewhere.
  void keep_pack(std::size_t pack);

  bool kept(std::size_t pack, std::uint32_t record) const { return kept_[pack][record]; }
  // About how many bytes of a pack are kept, and how many there are.
  std::uint64_t kept_bytes(std::size_t pack) const { return kept_bytes_[pack]; }
  std::uint64_t all_bytes(std::size_t pack) const { return all_bytes_[pack]; }
  std::size_t record_count() const { return record_count_; }
  std::size_t kept_count() const { return kept_count_; }
  // What the records of these keys amount to, with what they name.
  struct Share {
    std::size_t records = 0;
    std::uint64_t bytes = 0;
  };
  Share share_of(const std::unordered_set<std::uint64_t>& keys) const;
  // Manifest records that name an interface which is not there.
  std::size_t incomplete_count() const { return incomplete_count_; }

 private:
  // What stays or goes together.
  struct Unit {
    std::int64_t moment_ns = 0;
    RecordRef first;
    std::vector<RecordRef> named;
  };

  void index_records();
  void add_manifest(RecordRef ref, std::string_view bytes,
                    const std::unordered_map<std::uint64_t, std::int64_t>& uses);
  void add_loose_records(const std::unordered_map<std::uint64_t, std::int64_t>& uses, std::int64_t now_ns);
  std::int64_t moment_of(RecordRef ref, const std::unordered_map<std::uint64_t, std::int64_t>& uses) const;
  std::uint64_t cost_of(const Unit& unit) const;
  void keep(const RecordRef& ref);
  const PackedRecord& at(const RecordRef& ref) const {
    return packs_[ref.pack].reader->index().records[ref.record];
  }
  std::uint64_t bytes_of(const RecordRef& ref) const;

  const std::vector<CountedPack>& packs_;
  // The newest good copy of what is named by its own content.
  std::unordered_map<RecordName, RecordRef, RecordNameHash> copies_;
  std::vector<Unit> units_;
  std::vector<std::vector<std::size_t>> units_by_pack_;  // those whose first record is there
  std::vector<std::vector<bool>> named_;                 // records that a unit other than their own names
  std::vector<std::vector<bool>> kept_;
  std::vector<std::uint64_t> kept_bytes_;
  std::vector<std::uint64_t> all_bytes_;
  std::size_t record_count_ = 0;
  std::size_t kept_count_ = 0;
  std::size_t incomplete_count_ = 0;
};

}  // namespace runner

// Finds the records of many packs by name: one hash table over all their indexes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runner/pack_builder.h"
#include "runner/pack_reader.h"

namespace runner {

// Immutable. Open addressing with linear probing; records are inserted newest first and none is ever removed,
// so those of one name are met newest first.
class RecordTable {
 public:
  // `packs` newest first. Packs beyond what a slot can name are left out.
  explicit RecordTable(const std::vector<std::shared_ptr<PackReader>>& packs);

  struct Match {
    std::shared_ptr<PackReader> pack;
    const PackedRecord* record = nullptr;
  };
  // Calls `visit` with each match, newest first, until it returns false.
  template <typename Visit>
  void visit(const RecordName& name, Visit&& visit) const {
    const std::uint64_t hash = hash_of(name.kind, name.key);
    for (std::size_t slot = hash & mask_; slots_[slot] != kFree; slot = (slot + 1) & mask_) {
      if (slots_[slot] >> (kPackBits + kRecordBits) != hash >> (kPackBits + kRecordBits)) continue;
      const Match match = match_at(slots_[slot]);
      if (match.record->key != name.key || match.record->kind != name.kind) continue;
      if (!visit(match)) return;
    }
  }

 private:
  // A slot: the highest bits of the hash, the pack, the record.
  static constexpr unsigned kPackBits = 12;
  static constexpr unsigned kRecordBits = 28;
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};

  static std::uint64_t hash_of(RecordKind kind, const graph::Digest& key);
  Match match_at(std::uint64_t slot) const;

  std::vector<std::shared_ptr<PackReader>> packs_;
  std::vector<std::uint64_t> slots_;
  std::size_t mask_ = 0;
};

}  // namespace runner

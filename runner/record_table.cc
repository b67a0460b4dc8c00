#include "runner/record_table.h"

#include <bit>

namespace runner {

RecordTable::RecordTable(const std::vector<std::shared_ptr<PackReader>>& packs) {
  std::size_t record_count = 0;
  for (const auto& pack : packs) {
    const std::size_t size = pack->index().records.size();
    if (packs_.size() + 1 >= (std::size_t{1} << kPackBits) || size >= (std::size_t{1} << kRecordBits))
      continue;
    packs_.push_back(pack);
    record_count += size;
  }
  slots_.assign(std::bit_ceil(record_count * 2 + 2), kFree);
  mask_ = slots_.size() - 1;
  for (std::uint64_t pack = 0; pack < packs_.size(); ++pack) {
    const std::vector<PackedRecord>& records = packs_[pack]->index().records;
    for (std::uint64_t record = 0; record < records.size(); ++record) {
      const std::uint64_t hash = hash_of(records[record].kind, records[record].key);
      std::size_t slot = hash & mask_;
      while (slots_[slot] != kFree) slot = (slot + 1) & mask_;
      const std::uint64_t tag = hash >> (kPackBits + kRecordBits) << (kPackBits + kRecordBits);
      slots_[slot] = tag | pack << kRecordBits | record;
    }
  }
}

std::uint64_t RecordTable::hash_of(RecordKind kind, const graph::Digest& key) {
  // Keys are digests already; the product spreads those that somebody made up.
  std::uint64_t hash =
      (std::hash<graph::Digest>()(key) ^ static_cast<std::uint64_t>(kind)) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 32;
}

RecordTable::Match RecordTable::match_at(std::uint64_t slot) const {
  const std::shared_ptr<PackReader>& pack =
      packs_[slot >> kRecordBits & ((std::uint64_t{1} << kPackBits) - 1)];
  return {pack, &pack->index().records[slot & ((std::uint64_t{1} << kRecordBits) - 1)]};
}

}  // namespace runner

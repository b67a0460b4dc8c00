#include "runner/pack_consolidation.h"

#include <algorithm>
#include <unordered_map>

namespace runner {
namespace {

// A block of at least this size is copied as it is if all its records stay; smaller ones are joined.
constexpr std::uint32_t kWorthCopying = 64U << 10;

bool may_share_key(RecordKind kind) {
  return kind == RecordKind::kManifest || kind == RecordKind::kProbe || kind == RecordKind::kSightings;
}

bool is_what_its_key_says(PackReader& pack, const PackedRecord& record) {
  const std::optional<std::string> bytes = pack.read(place_of(record));
  return bytes && may_be_content(record.kind, record.key, *bytes);
}

// Chooses, for each pack, the records to keep: indexes into its table, in the table's order.
std::vector<std::vector<std::uint32_t>> choose_records(const std::vector<std::shared_ptr<PackReader>>& packs,
                                                       const KeepRecord& keep, Contents contents) {
  std::vector<std::vector<std::uint32_t>> chosen(packs.size());
  std::unordered_map<RecordName, std::vector<graph::Digest>, RecordNameHash> kept;  // digests of the bytes
  for (std::size_t pack = 0; pack < packs.size(); ++pack) {
    const std::vector<PackedRecord>& records = packs[pack]->index().records;
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      const PackedRecord& record = records[i];
      if (keep && !keep(pack, i)) continue;
      std::vector<graph::Digest>& known = kept[{record.kind, record.key}];
      if (!may_share_key(record.kind)) {
        if (!known.empty() || packs[pack]->is_broken(record.block)) continue;
        if (contents == Contents::kDistrust && !is_what_its_key_says(*packs[pack], record)) continue;
        known.emplace_back();
      } else {
        if (known.size() >= kRecordsPerKey) continue;
        const std::optional<std::string> bytes = packs[pack]->read(place_of(record));
        if (!bytes) continue;
        const graph::Digest digest = graph::sha256(*bytes);
        if (std::find(known.begin(), known.end(), digest) != known.end()) continue;
        known.push_back(digest);
      }
      chosen[pack].push_back(i);
    }
  }
  return chosen;
}

void add_record(PackReader& pack, const PackedRecord& record, PackBuilder& merged) {
  const std::optional<std::string> bytes = pack.read(place_of(record));
  if (bytes) merged.add(record.kind, record.key, *bytes);
}

// Adds the records of `block`, all chosen; `complete` says that it holds no others.
void add_block(PackReader& pack, std::uint32_t block, const std::vector<PackedRecord>& records, bool complete,
               PackBuilder& merged) {
  const PackedBlock& entry = pack.index().blocks[block];
  if (complete && entry.raw_size >= kWorthCopying) {
    std::optional<std::string> stored = pack.read_stored(block);
    if (stored) merged.add_block(std::move(*stored), entry, records);
    return;
  }
  for (const PackedRecord& record : records) add_record(pack, record, merged);
}

void add_chosen(PackReader& pack, const std::vector<std::uint32_t>& chosen, PackBuilder& merged) {
  const std::vector<PackedRecord>& records = pack.index().records;
  std::vector<std::size_t> total(pack.index().blocks.size());
  for (const PackedRecord& record : records) ++total[record.block];
  std::vector<std::vector<PackedRecord>> by_block(total.size());
  // The newest of a name comes first in the table and has to be added last.
  for (auto it = chosen.rbegin(); it != chosen.rend(); ++it) {
    const PackedRecord& record = records[*it];
    if (may_share_key(record.kind)) {
      add_record(pack, record, merged);
    } else {
      by_block[record.block].push_back(record);
    }
  }
  for (std::uint32_t block = 0; block < by_block.size(); ++block) {
    std::vector<PackedRecord>& members = by_block[block];
    if (members.empty()) continue;
    // In the order they were put, which is the order they are asked for.
    std::sort(members.begin(), members.end(),
              [](const PackedRecord& left, const PackedRecord& right) { return left.offset < right.offset; });
    add_block(pack, block, members, members.size() == total[block], merged);
  }
}

}  // namespace

void merge_packs(const std::vector<std::shared_ptr<PackReader>>& packs, PackBuilder& merged,
                 const KeepRecord& keep, Contents contents) {
  for (const auto& pack : packs) {
    // Before choosing: a broken newest record must not displace a good older one.
    for (std::uint32_t block = 0; block < pack->index().blocks.size(); ++block) pack->read_stored(block);
  }
  const std::vector<std::vector<std::uint32_t>> chosen = choose_records(packs, keep, contents);
  for (std::size_t pack = packs.size(); pack-- > 0;) add_chosen(*packs[pack], chosen[pack], merged);
}

}  // namespace runner

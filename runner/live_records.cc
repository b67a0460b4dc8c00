#include "runner/live_records.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "runner/pack_consolidation.h"
#include "runner/project_uses.h"
#include "runner/stored_outcomes.h"

namespace runner {
namespace {

// A long run publishes interfaces before the manifests that name them.
constexpr std::int64_t kYoungNs = std::int64_t{60 * 60} * 1'000'000'000;

using Uses = std::unordered_map<std::uint64_t, std::int64_t>;

bool is_named_by_content(RecordKind kind) {
  return kind == RecordKind::kInterface || kind == RecordKind::kTouched;
}

}  // namespace

LiveRecords::LiveRecords(const std::vector<CountedPack>& packs, const Uses& uses, std::int64_t now_ns)
    : packs_(packs), units_by_pack_(packs.size()), kept_bytes_(packs.size()), all_bytes_(packs.size()) {
  for (const CountedPack& pack : packs) {
    const std::size_t count = pack.reader->index().records.size();
    named_.emplace_back(count);
    kept_.emplace_back(count);
    record_count_ += count;
  }
  index_records();
  std::unordered_map<graph::Digest, std::set<graph::Digest>> known;  // the bytes under each manifest key
  for (std::uint32_t pack = 0; pack < packs.size(); ++pack) {
    const std::vector<PackedRecord>& records = packs[pack].reader->index().records;
    for (std::uint32_t record = 0; record < records.size(); ++record) {
      if (records[record].kind != RecordKind::kManifest) continue;
      const std::optional<std::string> bytes = packs[pack].reader->read(place_of(records[record]));
      std::set<graph::Digest>& others = known[records[record].key];
      if (!bytes || others.size() >= kRecordsPerKey || !others.insert(graph::sha256(*bytes)).second) continue;
      add_manifest({pack, record}, *bytes, uses);
    }
  }
  add_loose_records(uses, now_ns);
  const auto order = [this](const Unit& unit) {
    return std::tuple(-unit.moment_ns, -packs_[unit.first.pack].written_ns, unit.first.pack,
                      unit.first.record);
  };
  std::sort(units_.begin(), units_.end(),
            [&](const Unit& left, const Unit& right) { return order(left) < order(right); });
  for (std::size_t i = 0; i < units_.size(); ++i) units_by_pack_[units_[i].first.pack].push_back(i);
}

void LiveRecords::index_records() {
  for (std::uint32_t pack = 0; pack < packs_.size(); ++pack) {
    PackReader& reader = *packs_[pack].reader;
    const std::vector<PackedRecord>& records = reader.index().records;
    for (std::uint32_t record = 0; record < records.size(); ++record) {
      all_bytes_[pack] += bytes_of({pack, record});
      const PackedRecord& found = records[record];
      if (!is_named_by_content(found.kind) || reader.is_broken(found.block)) continue;
      copies_.try_emplace(RecordName{found.kind, found.key}, RecordRef{pack, record});
    }
  }
}

// A manifest record without its interfaces is of no use to anybody.
void LiveRecords::add_manifest(RecordRef ref, std::string_view bytes, const Uses& uses) {
  const std::optional<std::vector<graph::Digest>> interfaces = interfaces_of_entry(bytes);
  if (!interfaces) return;
  Unit unit{.moment_ns = moment_of(ref, uses), .first = ref, .named = {}};
  for (const graph::Digest& digest : *interfaces) {
    const auto copy = copies_.find({RecordKind::kInterface, digest});
    if (copy == copies_.end()) {
      ++incomplete_count_;
      return;
    }
    unit.named.push_back(copy->second);
  }
  const auto touched = copies_.find({RecordKind::kTouched, graph::sha256(bytes)});
  if (touched != copies_.end()) unit.named.push_back(touched->second);
  for (const RecordRef& named : unit.named) named_[named.pack][named.record] = true;
  units_.push_back(std::move(unit));
}

// Those that no manifest names.
void LiveRecords::add_loose_records(const Uses& uses, std::int64_t now_ns) {
  std::unordered_map<RecordName, std::size_t, RecordNameHash> met;
  for (std::uint32_t pack = 0; pack < packs_.size(); ++pack) {
    const std::vector<PackedRecord>& records = packs_[pack].reader->index().records;
    for (std::uint32_t record = 0; record < records.size(); ++record) {
      const PackedRecord& found = records[record];
      if (found.kind == RecordKind::kManifest || named_[pack][record]) continue;
      const RecordRef ref{pack, record};
      if (is_named_by_content(found.kind)) {
        const RecordRef copy = copies_.contains({found.kind, found.key}) ? copies_.at({found.kind, found.key})
                                                                         : RecordRef{~0U, 0};
        const std::int64_t age = now_ns - packs_[pack].written_ns;
        const bool young = age > -kYoungNs && age < kYoungNs;
        if (!young || copy.pack != pack || copy.record != record) continue;
      } else if (++met[{found.kind, found.key}] > kRecordsPerKey) {
        continue;
      }
      units_.push_back({.moment_ns = moment_of(ref, uses), .first = ref, .named = {}});
    }
  }
}

std::int64_t LiveRecords::moment_of(RecordRef ref, const Uses& uses) const {
  // The pack may be younger than what was merged into it.
  const auto used = uses.find(key_start(at(ref).key));
  return used == uses.end() ? packs_[ref.pack].written_ns : used->second;
}

std::uint64_t LiveRecords::bytes_of(const RecordRef& ref) const {
  const PackedRecord& record = at(ref);
  const PackedBlock& block = packs_[ref.pack].reader->index().blocks[record.block];
  const std::uint64_t raw = std::max<std::uint64_t>(block.raw_size, 1);
  return sizeof(PackedRecord) + std::uint64_t{record.size} * block.stored_size / raw;
}

std::uint64_t LiveRecords::cost_of(const Unit& unit) const {
  std::uint64_t cost = kept_[unit.first.pack][unit.first.record] ? 0 : bytes_of(unit.first);
  for (const RecordRef& named : unit.named) {
    if (!kept_[named.pack][named.record]) cost += bytes_of(named);
  }
  return cost;
}

void LiveRecords::keep(const RecordRef& ref) {
  if (kept_[ref.pack][ref.record]) return;
  kept_[ref.pack][ref.record] = true;
  kept_bytes_[ref.pack] += bytes_of(ref);
  ++kept_count_;
}

LiveRecords::Share LiveRecords::share_of(const std::unordered_set<std::uint64_t>& keys) const {
  Share share;
  std::set<std::pair<std::uint32_t, std::uint32_t>> met;
  const auto add = [&](const RecordRef& ref) {
    if (!met.emplace(ref.pack, ref.record).second) return;
    ++share.records;
    share.bytes += bytes_of(ref);
  };
  for (const Unit& unit : units_) {
    if (!keys.contains(key_start(at(unit.first).key))) continue;
    add(unit.first);
    for (const RecordRef& named : unit.named) add(named);
  }
  return share;
}

void LiveRecords::keep_within(std::uint64_t bytes) {
  std::uint64_t total = 0;
  for (const Unit& unit : units_) {
    const std::uint64_t cost = cost_of(unit);
    if (total + cost > bytes) continue;  // a smaller one may still fit
    total += cost;
    keep(unit.first);
    for (const RecordRef& named : unit.named) keep(named);
  }
}

void LiveRecords::keep_pack(std::size_t pack) {
  for (std::uint32_t record = 0; record < kept_[pack].size(); ++record) {
    keep({static_cast<std::uint32_t>(pack), record});
  }
  for (const std::size_t unit : units_by_pack_[pack]) {
    for (const RecordRef& named : units_[unit].named) keep(named);
  }
}

}  // namespace runner

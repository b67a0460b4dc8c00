#include "runner/pack_builder.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "graph/result.h"
#include "runner/zstd_frame.h"

namespace runner {
namespace {

constexpr std::size_t kSharedBlockSize = 128U << 10;
constexpr std::size_t kLargestSharedRecord = 16U << 10;
constexpr int kCompressionLevel = 1;
// Header and footer, roundly.
constexpr std::uint64_t kPackOverhead = 128;
constexpr std::uint32_t kElsewhere = ~std::uint32_t{0};

}  // namespace

void PackBuilder::add(RecordKind kind, const graph::Digest& key, std::string_view bytes) {
  INVARIANT(bytes.size() <= kLargestRecord, "the store drops records that are too large");
  std::optional<FullBlock> full;
  {
    const std::lock_guard lock(mutex_);
    keep({kind, key}, append(kind, bytes, full));
  }
  if (full) seal(*full);
}

void PackBuilder::add_block(std::string stored, const PackedBlock& block,
                            const std::vector<PackedRecord>& records) {
  const std::lock_guard lock(mutex_);
  const std::uint32_t id = new_block(records.front().kind);
  blocks_[id].stored = std::make_shared<const std::string>(std::move(stored));
  blocks_[id].raw_size = block.raw_size;
  for (const PackedRecord& record : records) {
    keep({record.kind, record.key}, {record.kind, id, record.offset, record.size});
  }
}

RecordPlace PackBuilder::append(RecordKind kind, std::string_view bytes, std::optional<FullBlock>& full) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (bytes.size() > kLargestSharedRecord) {
    const std::uint32_t id = new_block(kind);
    full = close(id, std::string(bytes));
    return {kind, id, 0, size};
  }
  OpenBlock& open = open_blocks_.at(static_cast<std::size_t>(kind));
  if (!open.id) open.id = new_block(kind);
  const RecordPlace place{kind, *open.id, static_cast<std::uint32_t>(open.bytes.size()), size};
  open.bytes.append(bytes);
  if (open.bytes.size() >= kSharedBlockSize) {
    full = close(place.block, std::exchange(open.bytes, {}));
    open.id.reset();
  }
  return place;
}

std::uint32_t PackBuilder::new_block(RecordKind kind) {
  blocks_.push_back({.kind = kind, .raw = nullptr, .stored = nullptr, .raw_size = 0});
  return static_cast<std::uint32_t>(blocks_.size() - 1);
}

PackBuilder::FullBlock PackBuilder::close(std::uint32_t id, std::string bytes) {
  blocks_[id].raw_size = static_cast<std::uint32_t>(bytes.size());
  blocks_[id].raw = std::make_shared<const std::string>(std::move(bytes));
  return {id, blocks_[id].raw};
}

void PackBuilder::keep(const RecordName& name, const RecordPlace& place) {
  by_name_[name].push_back(static_cast<std::uint32_t>(records_.size()));
  records_.push_back({.key = name.key,
                      .block = place.block,
                      .offset = place.offset,
                      .size = place.size,
                      .kind = name.kind,
                      .reserved = {}});
}

void PackBuilder::seal(const FullBlock& full) {
  auto stored = std::make_shared<const std::string>(compress(*full.raw, kCompressionLevel));
  const std::lock_guard lock(mutex_);
  Block& block = blocks_[full.id];
  if (block.stored) return;
  block.stored = std::move(stored);
  block.raw.reset();
}

bool PackBuilder::empty() const {
  const std::lock_guard lock(mutex_);
  return records_.empty();
}

bool PackBuilder::contains(const RecordName& name) const {
  const std::lock_guard lock(mutex_);
  return by_name_.contains(name);
}

std::vector<RecordPlace> PackBuilder::find(const RecordName& name) const {
  std::vector<RecordPlace> places;
  const std::lock_guard lock(mutex_);
  const auto it = by_name_.find(name);
  if (it == by_name_.end()) return places;
  for (auto record = it->second.rbegin(); record != it->second.rend(); ++record) {
    const PackedRecord& found = records_[*record];
    places.push_back({found.kind, found.block, found.offset, found.size});
  }
  return places;
}

std::optional<std::string> PackBuilder::read(const RecordPlace& place) {
  std::shared_ptr<const std::string> stored;
  std::uint32_t raw_size = 0;
  {
    const std::lock_guard lock(mutex_);
    const OpenBlock& open = open_blocks_.at(static_cast<std::size_t>(place.kind));
    if (open.id == place.block) return open.bytes.substr(place.offset, place.size);
    const Block& block = blocks_[place.block];
    if (block.raw) return block.raw->substr(place.offset, place.size);
    stored = block.stored;
    raw_size = block.raw_size;
  }
  const std::uint64_t id = std::uint64_t{layer_} << 32 | place.block;
  BlockCache& cache = caches_.of(place.kind);
  BlockBytes raw = cache.find(id);
  if (!raw) {
    std::optional<std::string> bytes = decompress(*stored, raw_size);
    INVARIANT(bytes.has_value(), "a block in memory is what was compressed");
    raw = std::make_shared<const std::string>(std::move(*bytes));
    cache.insert(id, raw);
  }
  return raw->substr(place.offset, place.size);
}

void PackBuilder::seal_all() {
  for (OpenBlock& open : open_blocks_) {
    if (!open.id) continue;
    const std::lock_guard lock(mutex_);
    close(*open.id, std::exchange(open.bytes, {}));
    open.id.reset();
  }
  // Blocks that another thread is about to seal are sealed here as well; the first result counts.
  for (std::uint32_t id = 0; id < blocks_.size(); ++id) {
    std::shared_ptr<const std::string> raw;
    {
      const std::lock_guard lock(mutex_);
      raw = blocks_[id].raw;
    }
    if (raw) seal({id, raw});
  }
}

PackImage PackBuilder::finish() {
  return std::move(finish(std::numeric_limits<std::uint64_t>::max()).front());
}

std::vector<PackImage> PackBuilder::finish(std::uint64_t largest) {
  seal_all();
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> record_bytes(blocks_.size());
  for (const PackedRecord& record : records_) record_bytes[record.block] += sizeof(PackedRecord);
  std::vector<std::uint32_t> order(blocks_.size());
  std::iota(order.begin(), order.end(), 0U);
  // Manifests name interfaces, and nothing names manifests.
  std::stable_sort(order.begin(), order.end(), [this](std::uint32_t left, std::uint32_t right) {
    return blocks_[left].kind > blocks_[right].kind;
  });
  std::vector<PackImage> images;
  std::vector<std::uint32_t> members;
  std::uint64_t size = 0;
  for (const std::uint32_t id : order) {
    const std::uint64_t more = blocks_[id].stored->size() + sizeof(PackedBlock) + record_bytes[id];
    if (!members.empty() && size + more > largest - std::min(largest, kPackOverhead)) {
      images.push_back(image_of(std::exchange(members, {})));
      size = 0;
    }
    members.push_back(id);
    size += more;
  }
  images.push_back(image_of(std::move(members)));
  return images;
}

PackImage PackBuilder::image_of(std::vector<std::uint32_t> blocks) const {
  std::sort(blocks.begin(), blocks.end());
  std::vector<std::uint32_t> number(blocks_.size(), kElsewhere);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) number[blocks[i]] = i;
  std::stable_sort(blocks.begin(), blocks.end(), [this](std::uint32_t left, std::uint32_t right) {
    return blocks_[left].kind < blocks_[right].kind;
  });
  PackImage image;
  image.header = encode_header();
  PackIndex index;
  index.blocks.resize(blocks.size());
  std::uint64_t offset = image.header.size();
  for (const std::uint32_t id : blocks) {
    const Block& block = blocks_[id];
    image.blocks.push_back(*block.stored);
    index.blocks[number[id]] = {.offset = offset,
                                .stored_size = static_cast<std::uint32_t>(block.stored->size()),
                                .raw_size = block.raw_size,
                                .digest = block_digest(*block.stored)};
    offset += block.stored->size();
  }
  for (auto record = records_.rbegin(); record != records_.rend(); ++record) {
    if (number[record->block] == kElsewhere) continue;
    index.records.push_back(*record);
    index.records.back().block = number[record->block];
  }
  std::stable_sort(index.records.begin(), index.records.end(),
                   [](const PackedRecord& left, const PackedRecord& right) {
                     return left.kind != right.kind ? left.kind < right.kind : left.key < right.key;
                   });
  image.index = encode_index(index, offset);
  return image;
}

std::vector<graph::Digest> PackBuilder::keys_of(RecordKind kind) const {
  std::vector<graph::Digest> keys;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, records] : by_name_) {
    if (name.kind == kind) keys.push_back(name.key);
  }
  return keys;
}

std::uint64_t PackImage::size() const {
  std::uint64_t total = header.size() + index.size();
  for (const std::string_view block : blocks) total += block.size();
  return total;
}

}  // namespace runner

#include "runner/pack_reader.h"

#include "runner/zstd_frame.h"

namespace runner {

PackReader::PackReader(std::unique_ptr<const PackBytes> bytes, PackIndex index, std::uint32_t layer,
                       BlockCaches& caches, std::atomic<std::uint64_t>& corrupt)
    : bytes_(std::move(bytes)),
      index_(std::move(index)),
      layer_(layer),
      caches_(caches),
      corrupt_(corrupt),
      broken_(index_.blocks.size()) {}

std::optional<std::string> PackReader::read(const RecordPlace& place) {
  const BlockBytes block = load(place.kind, place.block);
  if (!block) return std::nullopt;
  return block->substr(place.offset, place.size);
}

// A pack that somebody made may hold anything under any key.
std::optional<std::string> PackReader::read(const graph::Digest& key, const RecordPlace& place) {
  std::optional<std::string> bytes = read(place);
  if (!bytes || may_be_content(place.kind, key, *bytes)) return bytes;
  mark_broken(place.block);
  return std::nullopt;
}

bool PackReader::has_broken_block() const {
  return std::any_of(broken_.begin(), broken_.end(),
                     [](const std::atomic<bool>& broken) { return broken.load(); });
}

bool PackReader::is_broken(std::uint32_t block) const {
  return broken_[block].load(std::memory_order_relaxed);
}

void PackReader::mark_broken(std::uint32_t block) {
  if (!broken_[block].exchange(true)) corrupt_.fetch_add(1);
}

std::optional<std::string> PackReader::read_stored(std::uint32_t block) {
  if (is_broken(block)) return std::nullopt;
  const PackedBlock& entry = index_.blocks[block];
  std::string stored(entry.stored_size, '\0');
  if (!bytes_->read(entry.offset, stored.data(), stored.size()) || block_digest(stored) != entry.digest) {
    mark_broken(block);
    return std::nullopt;
  }
  return stored;
}

BlockBytes PackReader::load(RecordKind kind, std::uint32_t block) {
  const std::uint64_t id = std::uint64_t{layer_} << 32 | block;
  BlockCache& cache = caches_.of(kind);
  if (BlockBytes known = cache.find(id)) return known;
  const std::optional<std::string> stored = read_stored(block);
  if (!stored) return nullptr;
  std::optional<std::string> raw = decompress(*stored, index_.blocks[block].raw_size);
  if (!raw) {
    mark_broken(block);
    return nullptr;
  }
  auto bytes = std::make_shared<const std::string>(std::move(*raw));
  cache.insert(id, bytes);
  return bytes;
}

RecordPlace place_of(const PackedRecord& record) {
  return {record.kind, record.block, record.offset, record.size};
}

}  // namespace runner

// Collects records for a pack, compressing them in memory as blocks fill up; they can be read all the while.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runner/pack_index.h"
#include "runner/record_layer.h"

namespace runner {

// What records are found by.
struct RecordName {
  RecordKind kind{};
  graph::Digest key;
  bool operator==(const RecordName&) const = default;
};

struct RecordNameHash {
  std::size_t operator()(const RecordName& name) const noexcept {
    return std::hash<graph::Digest>()(name.key) + static_cast<std::size_t>(name.kind);
  }
};

// A finished pack, in the pieces that are written one after the other. Views into the builder.
struct PackImage {
  std::string header;
  std::vector<std::string_view> blocks;
  std::string index;

  std::uint64_t size() const;
};

// Thread-safe, except that nothing may be added during or after finish().
class PackBuilder : public RecordLayer {
 public:
  PackBuilder(std::uint32_t layer, BlockCaches& caches) : layer_(layer), caches_(caches) {}

  // `bytes` must not exceed kLargestRecord.
  void add(RecordKind kind, const graph::Digest& key, std::string_view bytes);
  // Takes over a whole block of another pack; `records` are all its records.
  void add_block(std::string stored, const PackedBlock& block, const std::vector<PackedRecord>& records);

  bool empty() const;
  // The newest first.
  std::vector<RecordPlace> find(const RecordName& name) const;
  bool contains(const RecordName& name) const;
  std::optional<std::string> read(const RecordPlace& place);
  // This process itself gave it its key.
  std::optional<std::string> read(const graph::Digest&, const RecordPlace& place) override {
    return read(place);
  }
  bool is_broken(std::uint32_t) const override { return false; }

  // As one pack.
  PackImage finish();
  // As packs of at most `largest` bytes, or with one block: what others name comes before what names it.
  std::vector<PackImage> finish(std::uint64_t largest);
  // The keys of all records of a kind, each once.
  std::vector<graph::Digest> keys_of(RecordKind kind) const;

 private:
  struct Block {
    RecordKind kind{};
    std::shared_ptr<const std::string> raw;     // until it is compressed
    std::shared_ptr<const std::string> stored;  // from then on
    std::uint32_t raw_size = 0;
  };
  struct OpenBlock {
    std::optional<std::uint32_t> id;
    std::string bytes;
  };
  struct FullBlock {
    std::uint32_t id = 0;
    std::shared_ptr<const std::string> raw;
  };

  // All of these need the lock.
  RecordPlace append(RecordKind kind, std::string_view bytes, std::optional<FullBlock>& full);
  std::uint32_t new_block(RecordKind kind);
  FullBlock close(std::uint32_t id, std::string bytes);
  void keep(const RecordName& name, const RecordPlace& place);
  // A pack of these blocks.
  PackImage image_of(std::vector<std::uint32_t> blocks) const;
  // These must not have it.
  void seal(const FullBlock& full);
  void seal_all();

  mutable std::mutex mutex_;
  const std::uint32_t layer_;
  BlockCaches& caches_;
  std::vector<Block> blocks_;
  std::vector<PackedRecord> records_;                                                   // in the order added
  std::unordered_map<RecordName, std::vector<std::uint32_t>, RecordNameHash> by_name_;  // into records_
  std::array<OpenBlock, kRecordKinds + 1> open_blocks_;                                 // by kind
};

}  // namespace runner

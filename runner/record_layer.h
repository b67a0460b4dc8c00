// A set of blocks with records, in memory or in a file, as the store sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "graph/digest.h"
#include "runner/block_cache.h"
#include "runner/pack_store.h"

namespace runner {

// Where a record is in its layer.
struct RecordPlace {
  RecordKind kind{};
  std::uint32_t block = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

// Small kinds are wanted all, interfaces a few at a time.
class BlockCaches {
 public:
  BlockCache& of(RecordKind kind) { return kind == RecordKind::kInterface ? large_ : small_; }

 private:
  BlockCache small_{std::size_t{256} << 20};
  BlockCache large_{std::size_t{64} << 20};
};

// Thread-safe.
class RecordLayer {
 public:
  virtual ~RecordLayer() = default;
  // The record of this key. Nothing if the block is broken, or if it holds something else than the key says.
  virtual std::optional<std::string> read(const graph::Digest& key, const RecordPlace& place) = 0;
  // Whether the block is known to be broken.
  virtual bool is_broken(std::uint32_t block) const = 0;
};

// Of some kinds the key is the digest of the content: false where these bytes have another one.
inline bool may_be_content(RecordKind kind, const graph::Digest& key, std::string_view bytes) {
  return (kind != RecordKind::kInterface && kind != RecordKind::kPaths) || graph::sha256(bytes) == key;
}

}  // namespace runner

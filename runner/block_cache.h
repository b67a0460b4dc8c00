// Decompressed blocks kept in memory, the least recently used dropped first.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace runner {

using BlockBytes = std::shared_ptr<const std::string>;

// Thread-safe.
class BlockCache {
 public:
  explicit BlockCache(std::size_t byte_limit) : byte_limit_(byte_limit) {}

  // Null if it is not here.
  BlockBytes find(std::uint64_t id);
  // A block larger than the limit is not kept.
  void insert(std::uint64_t id, BlockBytes bytes);

 private:
  struct Entry {
    std::uint64_t id;
    BlockBytes bytes;
  };

  std::mutex mutex_;
  const std::size_t byte_limit_;
  std::size_t byte_count_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_id_;
};

}  // namespace runner

#include "runner/block_cache.h"

namespace runner {

BlockBytes BlockCache::find(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto it = by_id_.find(id);
  if (it == by_id_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->bytes;
}

void BlockCache::insert(std::uint64_t id, BlockBytes bytes) {
  const std::size_t size = bytes->size();
  const std::lock_guard lock(mutex_);
  if (size > byte_limit_ || by_id_.contains(id)) return;
  entries_.push_front({id, std::move(bytes)});
  by_id_[id] = entries_.begin();
  byte_count_ += size;
  while (byte_count_ > byte_limit_) {
    byte_count_ -= entries_.back().bytes->size();
    by_id_.erase(entries_.back().id);
    entries_.pop_back();
  }
}

}  // namespace runner

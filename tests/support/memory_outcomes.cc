#include "tests/support/memory_outcomes.h"

#include <stdexcept>

namespace support {

std::vector<scheduler::ManifestEntry> MemoryOutcomes::entries(const graph::Digest& static_key) {
  const std::lock_guard lock(mutex_);
  ++lookups_;
  if (const auto broken = broken_entries_.find(static_key); broken != broken_entries_.end()) {
    if (broken->second == 0) throw std::runtime_error("the store broke while it was read");
    --broken->second;
  }
  const auto it = entries_.find(static_key);
  return it == entries_.end() ? std::vector<scheduler::ManifestEntry>() : it->second;
}

void MemoryOutcomes::keep(const graph::Digest& static_key, const scheduler::ManifestEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (broken_keeps_.contains(static_key)) throw std::runtime_error("the store broke while it was written");
  auto& entries = entries_[static_key];
  entries.insert(entries.begin(), entry);
}

void MemoryOutcomes::forget(const graph::Digest& static_key) {
  entries_.erase(static_key);
}

void MemoryOutcomes::break_entries(const graph::Digest& static_key, std::size_t harmless) {
  broken_entries_[static_key] = harmless;
}

void MemoryOutcomes::break_keep(const graph::Digest& static_key) {
  broken_keeps_.insert(static_key);
}

}  // namespace support

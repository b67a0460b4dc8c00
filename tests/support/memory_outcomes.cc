#include "tests/support/memory_outcomes.h"

#include <stdexcept>
#include <utility>

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

bool MemoryOutcomes::claim(const graph::Digest& static_key) {
  const std::lock_guard lock(mutex_);
  const auto it = elsewhere_.find(static_key);
  if (it == elsewhere_.end()) return true;
  if (it->second.asks > 0) {
    --it->second.asks;
    return false;
  }
  if (!it->second.result.empty()) {
    entries_[static_key] = std::move(it->second.result);
    grown_ = true;
  }
  elsewhere_.erase(it);
  return true;
}

void MemoryOutcomes::release(const graph::Digest& static_key) {
  const std::lock_guard lock(mutex_);
  ++released_[static_key];
}

void MemoryOutcomes::check_elsewhere(const graph::Digest& static_key, std::size_t asks, Elsewhere end) {
  Absent absent{asks, {}};
  if (end == Elsewhere::kKeeps) absent.result = std::move(entries_[static_key]);
  elsewhere_[static_key] = std::move(absent);
  entries_.erase(static_key);
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

#include "runner/memory_store.h"

namespace runner {

std::optional<std::string> MemoryStore::get(RecordKind kind, const graph::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto it = records_.find({kind, key});
  if (it == records_.end()) return std::nullopt;
  return it->second.back();
}

std::vector<std::string> MemoryStore::get_all(RecordKind kind, const graph::Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto it = records_.find({kind, key});
  if (it == records_.end()) return {};
  return {it->second.rbegin(), it->second.rend()};
}

bool MemoryStore::contains(RecordKind kind, const graph::Digest& key) {
  const std::lock_guard lock(mutex_);
  return records_.contains({kind, key});
}

void MemoryStore::put(RecordKind kind, const graph::Digest& key, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string>& records = records_[{kind, key}];
  // An interface is named by its own content.
  if (kind == RecordKind::kInterface && !records.empty()) return;
  records.emplace_back(bytes);
}

void MemoryStore::discard() {
  const std::lock_guard lock(mutex_);
  records_.clear();
}

}  // namespace runner

// The scheduler's outcome store on top of a pack store.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "graph/result.h"
#include "runner/pack_store.h"
#include "scheduler/outcome_store.h"

namespace runner {

class StoredOutcomes final : public scheduler::OutcomeStore {
 public:
  explicit StoredOutcomes(PackStore& store) : store_(store) {}

  // An entry that cannot be decoded counts as absent.
  std::vector<scheduler::ManifestEntry> entries(const graph::Digest& static_key) override;
  void keep(const graph::Digest& static_key, const scheduler::ManifestEntry& entry) override;
  // Nothing that is stored under this key so far will be given out. Call it before the run starts.
  void distrust(const graph::Digest& static_key) { distrusted_.insert(static_key); }

 private:
  // A long run publishes what it has now and then, for others and in case it is killed.
  void flush_when_due();

  std::unordered_set<graph::Digest> distrusted_;
  std::mutex flush_mutex_;
  std::chrono::steady_clock::time_point last_flush_ = std::chrono::steady_clock::now();
  PackStore& store_;
};

// The stored form of an entry: 32 bytes of used digest, the number of marks, the marks (4 bytes each), the
// outcome.
std::string encode_entry(const scheduler::ManifestEntry& entry);
graph::Result<scheduler::ManifestEntry> decode_entry(std::string_view bytes);

}  // namespace runner

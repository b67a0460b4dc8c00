// An outcome store in memory for tests, which can also be told to break.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "scheduler/outcome_store.h"

namespace support {

class MemoryOutcomes final : public scheduler::OutcomeStore {
 public:
  std::vector<scheduler::ManifestEntry> entries(const graph::Digest& static_key) override;
  void keep(const graph::Digest& static_key, const scheduler::ManifestEntry& entry) override;

  bool claim(const graph::Digest& static_key) override;
  void release(const graph::Digest& static_key) override;
  bool has_grown() const override { return grown_; }

  // Another process is at this key; after `asks` vain claims it is done, and has kept what is here now or,
  // if it was ended, nothing.
  enum class Elsewhere { kKeeps, kEnds };
  void check_elsewhere(const graph::Digest& static_key, std::size_t asks, Elsewhere end);
  std::size_t released(const graph::Digest& static_key) { return released_[static_key]; }

  // As if the records under this key had been lost.
  void forget(const graph::Digest& static_key);
  // From now on a look-up of this key throws; the first `harmless` ones still answer.
  void break_entries(const graph::Digest& static_key, std::size_t harmless = 0);
  void break_keep(const graph::Digest& static_key);

  std::size_t lookups() const { return lookups_; }

 private:
  std::mutex mutex_;
  std::map<graph::Digest, std::vector<scheduler::ManifestEntry>> entries_;  // newest first
  std::map<graph::Digest, std::size_t> broken_entries_;                     // with the answers left
  std::set<graph::Digest> broken_keeps_;
  struct Absent {
    std::size_t asks = 0;
    std::vector<scheduler::ManifestEntry> result;
  };
  std::map<graph::Digest, Absent> elsewhere_;
  std::map<graph::Digest, std::size_t> released_;
  std::atomic<bool> grown_ = false;
  std::size_t lookups_ = 0;
};

}  // namespace support

// The scheduler's outcome store on top of a pack store.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"
#include "runner/pack_store.h"
#include "runner/settled_inputs.h"
#include "scheduler/outcome_store.h"

namespace runner {

class StoredOutcomes final : public scheduler::OutcomeStore {
 public:
  // `verify`: an entry counts only if all its interfaces can be read, which is looked at once a run has met a
  // broken one.
  // `settings`: see publish().
  StoredOutcomes(PackStore& store, bool verify, const SettledInputs* settings = nullptr)
      : store_(store), verify_(verify), settings_(settings) {}

  // An entry that cannot be decoded counts as absent.
  std::vector<scheduler::ManifestEntry> entries(const graph::Digest& static_key) override;
  void keep(const graph::Digest& static_key, const scheduler::ManifestEntry& entry) override;
  bool claim(const graph::Digest& static_key) override;
  void release(const graph::Digest& static_key) override { store_.release(static_key); }
  bool has_grown() const override { return store_.has_grown(); }
  void note_waiting(bool waiting) override { store_.note_waiting(waiting); }
  void share() override;
  void note_use(const graph::Digest& static_key) override {
    store_.note_use(RecordKind::kManifest, static_key);
  }

 private:
  // A long run publishes what it has now and then, for others and in case it is killed.
  void flush_after(std::chrono::steady_clock::duration interval);

  bool interfaces_readable(const scheduler::ManifestEntry& entry);

  std::mutex flush_mutex_;
  std::chrono::steady_clock::time_point last_flush_ = std::chrono::steady_clock::now();
  PackStore& store_;
  const bool verify_;
  const SettledInputs* const settings_;
};

// The stored form of an entry: 32 bytes of used digest, the number of marks, the marks (4 bytes each), the
// outcome.
std::string encode_entry(const scheduler::ManifestEntry& entry);
graph::Result<scheduler::ManifestEntry> decode_entry(std::string_view bytes);
// What such an entry needs to be of use: the interfaces of its modules. Nothing if it cannot be decoded.
std::optional<std::vector<graph::Digest>> interfaces_of_entry(std::string_view bytes);

}  // namespace runner

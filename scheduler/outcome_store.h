// What the scheduler asks of a store of outcomes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/digest.h"
#include "scheduler/outcome.h"

namespace scheduler {

// One line of a manifest: an outcome, and the interfaces it was computed from.
struct ManifestEntry {
  graph::Digest used_digest;  // used_digest() of outcome.used when it was checked
  std::vector<std::uint32_t>
      used_marks;  // the start of each used interface's digest, to explain a difference
  Outcome outcome;
};

// Outcomes by static key. Implementations are thread-safe; a miss is not a failure.
class OutcomeStore {
 public:
  virtual ~OutcomeStore() = default;
  // The entries under a static key, newest first.
  virtual std::vector<ManifestEntry> entries(const graph::Digest& static_key) = 0;
  virtual void keep(const graph::Digest& static_key, const ManifestEntry& entry) = 0;
};

}  // namespace scheduler

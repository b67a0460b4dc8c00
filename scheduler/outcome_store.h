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

  // What is kept under a static key is of use, although nobody reads it.
  virtual void note_use(const graph::Digest&) {}

  // Where several processes share a store, each component is checked by one of them. Whether this process may
  // check the one of this key: nobody else is at it. What others have kept is found from then on.
  virtual bool claim(const graph::Digest&) { return true; }
  // It will not be checked after all; what is kept is released when others can find it.
  virtual void release(const graph::Digest&) {}
  // Whether others kept anything since the store was opened: then it is worth looking again.
  virtual bool has_grown() const { return false; }
  // Tells others that this process waits for what they check.
  virtual void note_waiting(bool) {}
  // Called now and then during a run: what others wait for can be made known.
  virtual void share() {}
};

}  // namespace scheduler

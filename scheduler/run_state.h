// Where each component of a run stands.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "scheduler/checker.h"
#include "scheduler/outcome.h"
#include "scheduler/outcome_store.h"

namespace scheduler {

enum class ComponentState : std::uint8_t {
  kUndecided,  // may be reused or not: depends on interfaces that are not known yet
  kReused,     // an outcome of the store holds; final
  kReady,      // has to be checked, all interfaces it imports are known; reused if another process did it
  kInterfaceReady,  // its own interface is known, its implementation phase is under way
  kChecked,         // has a new outcome; final
  kFailed,          // has no outcome; final
  kSkipped,         // not checked because a component it imports has no interface; final
  kLeftOut,         // nobody asked for its outcome, and nothing that is checked imports it; final
};
inline constexpr std::size_t kComponentStates = 8;

// Whether a component may go from one state to the other.
bool is_allowed(ComponentState from, ComponentState to);

enum class Verdict : std::uint8_t { kReuse, kCheck, kUndecided };

// Why a component is reused or checked.
struct Decision {
  enum class Reason : std::uint8_t {
    kSame,              // an entry's inputs and used interfaces are all as they were
    kNeverChecked,      // nothing is stored under its static key
    kInterfaceChanged,  // a used interface is not what it was; `detail` names the module
    kNotReachable,      // a used module is no longer imported; `detail` names it
    kWaiting,           // `detail` names a used module whose interface is not known yet
  };
  Verdict verdict = Verdict::kUndecided;
  Reason reason = Reason::kNeverChecked;
  std::string detail;
  // kInterfaceChanged only: the starts of the digests of that module's interface, then and now.
  std::uint32_t from_mark = 0;
  std::uint32_t to_mark = 0;
};

struct ComponentRecord {
  std::atomic<ComponentState> state{ComponentState::kUndecided};
  graph::Digest static_key;
  Decision decision;
  std::vector<graph::Digest> interfaces;  // one for each module; set from kReused or kInterfaceReady on
  std::optional<Outcome> outcome;         // set in kReused and kChecked
  graph::Digest used_digest;              // the same; as in its ManifestEntry
  bool taken_over = false;                // reused as a KnownOutcome: `outcome` does not name what it used
  bool waits_as_known = false;            // what it used then and is known now is what it was
  std::optional<CheckFailure> failure;    // set in kFailed
  // What the store had, while that may still hold.
  std::optional<std::vector<ManifestEntry>> candidates;
};

// The records of a run. Each record is written by one thread at a time; the state is published last, so that
// whoever reads a state also sees what comes with it.
class RunState {
 public:
  explicit RunState(const graph::Condensation& condensation);

  ComponentRecord& operator[](graph::ComponentId id) { return records_[id.value]; }
  const ComponentRecord& operator[](graph::ComponentId id) const { return records_[id.value]; }
  std::size_t size() const { return size_; }

  ComponentState state(graph::ComponentId id) const {
    return records_[id.value].state.load(std::memory_order_acquire);
  }
  // The only way to change a state; the transition must be allowed.
  void set(graph::ComponentId id, ComponentState next);
  bool interface_known(graph::ComponentId id) const;
  // Null while it is not known.
  const graph::Digest* interface_of(graph::ModuleId module) const;
  std::size_t count(ComponentState state) const {
    return counts_[static_cast<std::size_t>(state)].load(std::memory_order_relaxed);
  }

 private:
  std::size_t size_;
  std::unique_ptr<ComponentRecord[]> records_;
  std::vector<std::uint32_t> index_in_component_;  // by ModuleId
  const graph::Condensation& condensation_;
  std::array<std::atomic<std::size_t>, kComponentStates> counts_{};
};

// How many components have to be checked whatever comes of the others. Of a planned run.
std::size_t certain_checks(const RunState& run);

}  // namespace scheduler

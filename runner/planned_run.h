// A run whose static keys are known and whose reusable components are decided: the second half of every
// command that checks.
#pragma once

#include <memory>

#include "runner/pack_store.h"
#include "runner/run_setup.h"
#include "runner/stored_outcomes.h"
#include "scheduler/component_closure.h"
#include "scheduler/decide.h"
#include "scheduler/ready_queue.h"
#include "scheduler/run_state.h"
#include "scheduler/static_key.h"

namespace runner {

// Stays where it was made: its parts refer to each other and to the setup.
class PlannedRun {
 public:
  // `verify_store`: see StoredOutcomes. `threads` is how many compute keys.
  PlannedRun(RunSetup& setup, PackStore& store, bool verify_store, unsigned threads);

  const RunSetup& setup() const { return setup_; }
  const scheduler::ComponentClosure& closure() const { return closure_; }
  const scheduler::StaticKeys& keys() const { return keys_; }
  const scheduler::CostModel& costs() const { return costs_; }
  const scheduler::DecisionInputs& decisions() const { return decisions_; }
  scheduler::RunState& state() { return state_; }
  const scheduler::RunState& state() const { return state_; }

 private:
  void compute_keys(unsigned threads);
  bool has_known_keys() const { return setup_.known && setup_.known->run == keys_.run_digest(); }
  void take_known_keys();

  RunSetup& setup_;
  scheduler::ComponentClosure closure_;
  scheduler::StaticKeys keys_;
  scheduler::CostModel costs_;
  StoredOutcomes outcomes_;
  scheduler::DecisionInputs decisions_;
  scheduler::RunState state_;
};

}  // namespace runner

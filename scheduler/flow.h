// The run itself: a TBB flow graph decides every component as soon as the interfaces it imports are known,
// and hands those that have to be checked to the checker.
#pragma once

#include <functional>

#include "scheduler/checker.h"
#include "scheduler/decide.h"
#include "scheduler/progress.h"
#include "scheduler/ready_queue.h"
#include "scheduler/run_state.h"

namespace scheduler {

struct FlowInputs {
  DecisionInputs decisions;
  const CostModel& costs;
  Checker& checker;
  Progress& progress;
  // Called once, or not at all: all that is left waits for one component, and there is nothing else to do.
  std::function<void()> on_wait = {};
  // Called once, or not at all: every interface is known and nothing is left to be started, so that whatever
  // is still being checked has read its sources.
  std::function<void()> on_all_read = {};
};

// Brings every component that plan() left undecided into a final state, keeps new outcomes in the store, and
// returns when all is done. Does nothing when nothing is undecided. After a blocking failure
// nothing more is checked: what is left is skipped or fails likewise.
void run_flow(const FlowInputs& inputs, RunState& run);

}  // namespace scheduler

// Reuse or check: compares what the store has under a component's static key with the interfaces of now.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"
#include "scheduler/known_outcomes.h"
#include "scheduler/outcome_store.h"
#include "scheduler/run_state.h"

namespace scheduler {

// What a decision looks at besides the records.
struct DecisionInputs {
  const graph::ModuleGraph& graph;
  const graph::Condensation& condensation;
  const ComponentClosure& closure;
  OutcomeStore& store;
  const KnownOutcomes* known = nullptr;  // of this very graph; may be absent
};

// Looks the component up under record.static_key and fills record.decision; on kReuse also outcome and
// interfaces. The state is left to the caller. kUndecided only while a used interface is not known.
void decide(graph::ComponentId id, const DecisionInputs& inputs, RunState& run);

// Looks up ahead of time what decide() will need of the store to take over the outcome that is known.
void prepare(graph::ComponentId id, const DecisionInputs& inputs, RunState& run);

// Whether the interfaces of a component are those of the run that is known.
bool is_as_known(graph::ComponentId id, const DecisionInputs& inputs, const RunState& run);

// Reuses a component that was undecided, if that follows from all interfaces that became known since being
// what they were in the run that is known. Else it is to be decided.
bool reuse_as_known(graph::ComponentId id, const DecisionInputs& inputs, RunState& run);

// The name of the first module of a component.
std::string name_of(graph::ComponentId id, const DecisionInputs& inputs);

// Only inside of a catch block: the exception in flight as the failure of the component it was about.
CheckFailure caught_failure(graph::ComponentId id, const DecisionInputs& inputs);

// The entry to store for a new outcome. Every used module's interface must be known.
ManifestEntry manifest_entry(Outcome outcome, const graph::ModuleGraph& graph, const RunState& run);

// Decides every component that can be decided before anything is checked, in topological order: reused ones
// change state, the rest stays kUndecided with its verdict in the record. One that cannot be decided, because
// the store throws, fails. The static keys must be set. What is decided already stays as it is.
void plan(const DecisionInputs& inputs, RunState& run);

}  // namespace scheduler

// Which components may have another outcome than they had before some modules changed.
#pragma once

#include <optional>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"
#include "scheduler/run_state.h"

namespace scheduler {

// One of the two states that are compared. The static keys must be set.
struct Side {
  const graph::ModuleGraph& graph;
  const graph::Condensation& condensation;
  const RunState& run;
};

// What changed since an earlier state. An outcome is a function of its static key and of the interfaces it
// used; so a component whose static key occurs in the earlier state has the earlier outcome unless an
// interface that it uses is another one.
class Affected {
 public:
  // `changed`, by ModuleId of `now`: modules that count as changed whatever their keys say. The references
  // must outlive it.
  Affected(const Side& now, const Side& earlier, const std::vector<bool>& changed);

  // By the graph alone: the components with a new key, and all that import them, directly or not.
  ComponentSet possible() const;
  // Once all possible ones have their final states in `now`: those that are really affected. Where the
  // earlier interface of a changed component is not known, it counts as another one; where the earlier
  // outcome of a component is not known, it counts as using everything it can reach.
  ComponentSet actual() const;

 private:
  bool is_new(graph::ComponentId id) const { return !same_key_[id.value]; }
  bool has_other_interface(graph::ModuleId module) const;
  bool uses_any(graph::ComponentId earlier, const std::vector<bool>& differing) const;

  Side now_;
  Side earlier_;
  std::vector<bool> changed_;                                // by ComponentId
  std::vector<std::optional<graph::ComponentId>> same_key_;  // the earlier component, by ComponentId
};

// The components that are needed to check those of a set: all they import, and themselves.
ComponentSet needed_for(const ComponentSet& wanted, const ComponentClosure& closure, std::size_t components);

// What is not in the set and not decided yet is no part of this run.
void leave_out_all_but(const ComponentSet& needed, RunState& run);

}  // namespace scheduler

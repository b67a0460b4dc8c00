#include "scheduler/run_state.h"

#include "graph/result.h"

namespace scheduler {

bool is_allowed(ComponentState from, ComponentState to) {
  using enum ComponentState;
  switch (from) {
    case kUndecided:
      return to == kReused || to == kReady || to == kFailed || to == kSkipped || to == kLeftOut;
    case kReady:
      return to == kInterfaceReady || to == kReused || to == kFailed;
    case kInterfaceReady:
      return to == kChecked || to == kFailed;
    case kReused:
    case kChecked:
    case kFailed:
    case kSkipped:
    case kLeftOut:
      return false;
  }
  return false;
}

RunState::RunState(const graph::Condensation& condensation)
    : size_(condensation.size()),
      records_(std::make_unique<ComponentRecord[]>(condensation.size())),
      condensation_(condensation) {
  std::size_t modules = 0;
  for (const graph::Component& component : condensation.components()) modules += component.modules.size();
  index_in_component_.resize(modules);
  for (const graph::Component& component : condensation.components()) {
    for (std::uint32_t i = 0; i < component.modules.size(); ++i) {
      index_in_component_[component.modules[i].value] = i;
    }
  }
  counts_[static_cast<std::size_t>(ComponentState::kUndecided)] = size_;
}

void RunState::set(graph::ComponentId id, ComponentState next) {
  ComponentRecord& record = records_[id.value];
  const ComponentState before = record.state.load(std::memory_order_relaxed);
  INVARIANT(is_allowed(before, next), "a component goes from one state to the next in order");
  if (next == ComponentState::kReused || next == ComponentState::kInterfaceReady) {
    INVARIANT(record.interfaces.size() == condensation_[id].modules.size(), "every module has an interface");
  }
  record.state.store(next, std::memory_order_release);
  counts_[static_cast<std::size_t>(before)].fetch_sub(1, std::memory_order_relaxed);
  counts_[static_cast<std::size_t>(next)].fetch_add(1, std::memory_order_relaxed);
}

bool RunState::interface_known(graph::ComponentId id) const {
  using enum ComponentState;
  switch (state(id)) {
    case kReused:
    case kInterfaceReady:
    case kChecked:
      return true;
    case kFailed:
      // A failure in the implementation phase leaves the interface standing.
      return !records_[id.value].interfaces.empty();
    case kUndecided:
    case kReady:
    case kSkipped:
    case kLeftOut:
      return false;
  }
  return false;
}

const graph::Digest* RunState::interface_of(graph::ModuleId module) const {
  const graph::ComponentId id = condensation_.of(module);
  if (!interface_known(id)) return nullptr;
  return &records_[id.value].interfaces[index_in_component_[module.value]];
}

std::size_t certain_checks(const RunState& run) {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    const bool open = run.state({i}) == ComponentState::kUndecided;
    if (open && run[{i}].decision.verdict == Verdict::kCheck) ++count;
  }
  return count;
}

}  // namespace scheduler

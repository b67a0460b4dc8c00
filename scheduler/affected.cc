// Which components may have another outcome than they had before some modules changed.
#include "scheduler/affected.h"

#include <optional>
#include <string>
#include <unordered_map>

#include "graph/result.h"

namespace scheduler {

Affected::Affected(const Side& now, const Side& earlier, const std::vector<bool>& changed)
    : now_(now), earlier_(earlier), changed_(now.run.size(), false), same_key_(now.run.size()) {
  std::unordered_map<std::string, graph::ComponentId> known;
  for (std::uint32_t i = 0; i < earlier.run.size(); ++i) {
    known.emplace(earlier.run[{i}].static_key.view(), graph::ComponentId{i});
  }
  for (std::uint32_t i = 0; i < now.run.size(); ++i) {
    const auto it = known.find(std::string(now.run[{i}].static_key.view()));
    if (it != known.end()) same_key_[i] = it->second;
    for (const graph::ModuleId module : now.condensation[{i}].modules) {
      if (changed[module.value]) changed_[i] = true;
    }
  }
}

ComponentSet Affected::possible() const {
  ComponentSet possible(now_.run.size());
  // Components are numbered dependencies first.
  for (std::uint32_t i = 0; i < now_.run.size(); ++i) {
    bool reached = changed_[i] || is_new({i});
    for (const graph::ComponentId dependency : now_.condensation[{i}].dependencies) {
      reached = reached || possible.contains(dependency);
    }
    if (reached) possible.insert({i});
  }
  return possible;
}

bool Affected::has_other_interface(graph::ModuleId module) const {
  const auto before = earlier_.graph.find(now_.graph[module].name);
  const graph::Digest* old_interface = before ? earlier_.run.interface_of(*before) : nullptr;
  const graph::Digest* interface = now_.run.interface_of(module);
  return old_interface == nullptr || interface == nullptr || *old_interface != *interface;
}

// `differing` by ModuleId of now.
bool Affected::uses_any(graph::ComponentId earlier, const std::vector<bool>& differing) const {
  for (const std::string& name : earlier_.run[earlier].outcome->used) {
    const auto module = now_.graph.find(name);
    if (!module || differing[module->value]) return true;
  }
  return false;
}

ComponentSet Affected::actual() const {
  const ComponentSet possible = this->possible();
  ComponentSet affected(now_.run.size());
  ComponentSet above(now_.run.size());  // that reach a module with another interface than before
  std::vector<bool> differing(now_.graph.modules.size(), false);
  for (const graph::ComponentId id : possible.members()) {
    for (const graph::ComponentId dependency : now_.condensation[id].dependencies) {
      if (above.contains(dependency)) above.insert(id);
    }
    bool reached = changed_[id.value] || is_new(id);
    if (!reached) {
      const graph::ComponentId before = *same_key_[id.value];
      reached = earlier_.run[before].outcome ? uses_any(before, differing) : above.contains(id);
    }
    if (!reached) continue;
    affected.insert(id);
    for (const graph::ModuleId module : now_.condensation[id].modules) {
      differing[module.value] = has_other_interface(module);
      if (differing[module.value]) above.insert(id);
    }
  }
  return affected;
}

ComponentSet needed_for(const ComponentSet& wanted, const ComponentClosure& closure, std::size_t components) {
  ComponentSet needed(components);
  for (const graph::ComponentId id : wanted.members()) needed.merge(closure[id]);
  return needed;
}

void leave_out_all_but(const ComponentSet& needed, RunState& run) {
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    if (!needed.contains({i}) && run.state({i}) == ComponentState::kUndecided) {
      run.set({i}, ComponentState::kLeftOut);
    }
  }
}

}  // namespace scheduler

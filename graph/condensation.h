// The components of a module graph: import cycles and single modules, with their order and waves.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/module_graph.h"

namespace graph {

// Index of a component; components are numbered in mypy's processing order, which is topological.
struct ComponentId {
  std::uint32_t value = 0;
  auto operator<=>(const ComponentId&) const = default;
};

struct Component {
  std::vector<ModuleId> modules;          // in the order mypy processes them (order_ascc_ex)
  std::vector<ComponentId> dependencies;  // direct, sorted, without itself
  std::vector<ComponentId> dependents;    // direct, sorted
  std::uint32_t wave = 0;                 // length of the longest dependency chain below
};

// Immutable once made.
class Condensation {
 public:
  Condensation(std::vector<Component> components, std::vector<ComponentId> of_module);

  std::size_t size() const { return components_.size(); }
  const Component& operator[](ComponentId id) const { return components_[id.value]; }
  ComponentId of(ModuleId module) const { return of_module_[module.value]; }
  std::uint32_t wave_count() const { return wave_count_; }
  std::span<const Component> components() const { return components_; }

 private:
  std::vector<Component> components_;
  std::vector<ComponentId> of_module_;
  std::uint32_t wave_count_ = 0;
};

// Tarjan's algorithm (Boost.Graph's strong_components) over dependencies of every priority, then mypy's order
// of modules inside a component and of components (build.py: order_ascc_ex, sorted_components and the queue
// of process_graph).
Condensation condense(const ModuleGraph& graph);

}  // namespace graph

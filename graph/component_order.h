// The orders in which mypy processes the modules of a component, and components.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/adjacency.h"
#include "graph/module_graph.h"

namespace graph {

// Orders the modules inside components (build.py: order_ascc_ex, order_ascc).
class ModuleOrder {
 public:
  explicit ModuleOrder(const ModuleGraph& graph);

  // `modules` must be one strong component of the graph.
  std::vector<ModuleId> order(std::span<const std::uint32_t> modules);

 private:
  void append(std::span<const std::uint32_t> modules, std::uint32_t priority_limit,
              std::vector<ModuleId>& result);
  std::uint32_t priorities_inside(std::span<const std::uint32_t> modules, std::uint32_t priority_limit);
  StrongComponents parts_of(std::span<const std::uint32_t> modules, std::uint32_t priority_limit);
  void append_builtins_component(std::span<const std::uint32_t> modules, std::vector<ModuleId>& result);

  const ModuleGraph& graph_;
  std::vector<std::uint32_t> place_;  // of a module in the set being looked at, or kOutside
};

// The components in mypy's sorted order: by layer, inside a layer by descending smallest State.order of their
// modules (build.py: sorted_components). `least_orders` has one entry a component.
std::vector<std::uint32_t> sorted_components(const StrongComponents& components,
                                             std::span<const std::uint32_t> layers,
                                             std::span<const std::uint32_t> least_orders);

// The components in the order a sequential mypy without any cache takes them off its queue (build.py:
// process_graph).
std::vector<std::uint32_t> processing_order(const StrongComponents& components,
                                            std::span<const std::uint32_t> sorted);

// The smallest State.order among the modules of each component.
std::vector<std::uint32_t> least_orders_of(const StrongComponents& components,
                                           std::span<const std::uint32_t> order_of_vertex);

}  // namespace graph

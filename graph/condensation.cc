#include "graph/condensation.h"

#include <algorithm>
#include <utility>

#include "graph/adjacency.h"
#include "graph/component_order.h"
#include "graph/result.h"

namespace graph {
namespace {

Adjacency adjacency_of(const ModuleGraph& graph) {
  std::size_t edges = 0;
  for (const Module& module : graph.modules) edges += module.dependencies.size();
  Adjacency adjacency(edges);
  for (const Module& module : graph.modules) {
    for (const Dependency& dependency : module.dependencies) {
      INVARIANT(dependency.module.value < graph.modules.size(), "a dependency is a module of the graph");
      adjacency.add_edge(dependency.module.value);
    }
    adjacency.end_vertex();
  }
  return adjacency;
}

}  // namespace

Condensation::Condensation(std::vector<Component> components, std::vector<ComponentId> of_module)
    : components_(std::move(components)), of_module_(std::move(of_module)) {
  for (const Component& component : components_) wave_count_ = std::max(wave_count_, component.wave + 1);
}

Condensation condense(const ModuleGraph& graph) {
  const StrongComponents strong = strong_components(adjacency_of(graph));
  const std::vector<std::uint32_t> layers = layers_of(strong);
  std::vector<std::uint32_t> orders;
  orders.reserve(graph.modules.size());
  for (const Module& module : graph.modules) orders.push_back(module.order);
  const std::vector<std::uint32_t> processed =
      processing_order(strong, sorted_components(strong, layers, least_orders_of(strong, orders)));

  // From here on components have their final numbers.
  std::vector<ComponentId> renumbered(strong.size());
  for (std::uint32_t i = 0; i < processed.size(); ++i) renumbered[processed[i]] = ComponentId{i};
  std::vector<ComponentId> of_module(graph.modules.size());
  for (std::size_t i = 0; i < of_module.size(); ++i) of_module[i] = renumbered[strong.of_vertex[i]];

  ModuleOrder module_order(graph);
  std::vector<Component> components(strong.size());
  for (std::uint32_t i = 0; i < processed.size(); ++i) {
    Component& component = components[i];
    component.modules = module_order.order(strong.members[processed[i]]);
    component.wave = layers[processed[i]];
    component.dependencies.reserve(strong.edges[processed[i]].size());
    for (const std::uint32_t below : strong.edges[processed[i]]) {
      INVARIANT(renumbered[below].value < i, "mypy processes dependencies first");
      component.dependencies.push_back(renumbered[below]);
    }
    std::sort(component.dependencies.begin(), component.dependencies.end());
    for (const ComponentId below : component.dependencies) {
      components[below.value].dependents.push_back(ComponentId{i});
    }
  }
  return {std::move(components), std::move(of_module)};
}

}  // namespace graph

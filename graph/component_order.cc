#include "graph/component_order.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include "graph/result.h"

namespace graph {
namespace {

constexpr std::uint32_t kOutside = 0xffffffff;
// One above the weakest priority of a direct import (build.py: PRI_INDIRECT).
constexpr std::uint32_t kAllPriorities = 30;

}  // namespace

ModuleOrder::ModuleOrder(const ModuleGraph& graph) : graph_(graph), place_(graph.modules.size(), kOutside) {}

std::vector<ModuleId> ModuleOrder::order(std::span<const std::uint32_t> modules) {
  std::vector<ModuleId> result;
  result.reserve(modules.size());
  const bool has_builtins =
      modules.size() > 1 && std::any_of(modules.begin(), modules.end(), [&](std::uint32_t module) {
        return graph_.modules[module].name == "builtins";
      });
  if (has_builtins) {
    append_builtins_component(modules, result);
  } else {
    append(modules, kAllPriorities, result);
  }
  return result;
}

// Names in descending order, builtins last.
void ModuleOrder::append_builtins_component(std::span<const std::uint32_t> modules,
                                            std::vector<ModuleId>& result) {
  for (const std::uint32_t module : modules) result.push_back(ModuleId{module});
  std::sort(result.begin(), result.end(), [&](ModuleId a, ModuleId b) {
    const std::string& left = graph_[a].name;
    const std::string& right = graph_[b].name;
    if ((left == "builtins") != (right == "builtins")) return right == "builtins";
    return left > right;
  });
}

// Drops the weakest imports of a cycle, orders what falls apart dependencies first, and goes on inside of
// each part; where all imports are equally strong, the module loaded last comes first. Recursion ends since
// each level has one priority less.
void ModuleOrder::append(std::span<const std::uint32_t> modules, std::uint32_t priority_limit,
                         std::vector<ModuleId>& result) {
  if (modules.size() == 1) {
    result.push_back(ModuleId{modules.front()});
    return;
  }
  const std::uint32_t priorities = priorities_inside(modules, priority_limit);
  INVARIANT(priorities != 0, "a cycle has imports inside");
  if (std::has_single_bit(priorities)) {
    const std::size_t first = result.size();
    for (const std::uint32_t module : modules) result.push_back(ModuleId{module});
    std::sort(result.begin() + static_cast<std::ptrdiff_t>(first), result.end(),
              [&](ModuleId a, ModuleId b) { return graph_[a].order > graph_[b].order; });
    return;
  }
  const std::uint32_t weakest = static_cast<std::uint32_t>(std::bit_width(priorities)) - 1;
  const StrongComponents parts = parts_of(modules, weakest);
  std::vector<std::uint32_t> orders(modules.size());
  for (std::size_t i = 0; i < modules.size(); ++i) orders[i] = graph_.modules[modules[i]].order;
  for (const std::uint32_t part :
       sorted_components(parts, layers_of(parts), least_orders_of(parts, orders))) {
    std::vector<std::uint32_t> members;
    for (const std::uint32_t place : parts.members[part]) members.push_back(modules[place]);
    append(members, weakest, result);
  }
}

// A bit for each priority below the limit that an import between `modules` has.
std::uint32_t ModuleOrder::priorities_inside(std::span<const std::uint32_t> modules,
                                             std::uint32_t priority_limit) {
  for (const std::uint32_t module : modules) place_[module] = 0;
  std::uint32_t priorities = 0;
  for (const std::uint32_t module : modules) {
    for (const Dependency& dependency : graph_.modules[module].dependencies) {
      if (place_[dependency.module.value] != kOutside && dependency.priority < priority_limit) {
        priorities |= std::uint32_t{1} << dependency.priority;
      }
    }
  }
  for (const std::uint32_t module : modules) place_[module] = kOutside;
  return priorities;
}

StrongComponents ModuleOrder::parts_of(std::span<const std::uint32_t> modules, std::uint32_t priority_limit) {
  for (std::uint32_t i = 0; i < modules.size(); ++i) place_[modules[i]] = i;
  Adjacency inside;
  for (const std::uint32_t module : modules) {
    for (const Dependency& dependency : graph_.modules[module].dependencies) {
      const std::uint32_t place = place_[dependency.module.value];
      if (place != kOutside && dependency.priority < priority_limit) inside.add_edge(place);
    }
    inside.end_vertex();
  }
  for (const std::uint32_t module : modules) place_[module] = kOutside;
  return strong_components(inside);
}

std::vector<std::uint32_t> least_orders_of(const StrongComponents& components,
                                           std::span<const std::uint32_t> order_of_vertex) {
  std::vector<std::uint32_t> least(components.size());
  for (std::uint32_t component = 0; component < components.size(); ++component) {
    std::uint32_t smallest = order_of_vertex[components.members[component].front()];
    for (const std::uint32_t vertex : components.members[component]) {
      smallest = std::min(smallest, order_of_vertex[vertex]);
    }
    least[component] = smallest;
  }
  return least;
}

std::vector<std::uint32_t> sorted_components(const StrongComponents& components,
                                             std::span<const std::uint32_t> layers,
                                             std::span<const std::uint32_t> least_orders) {
  std::vector<std::uint32_t> sorted(components.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (layers[a] != layers[b]) return layers[a] < layers[b];
    return least_orders[a] > least_orders[b];
  });
  return sorted;
}

std::vector<std::uint32_t> processing_order(const StrongComponents& components,
                                            std::span<const std::uint32_t> sorted) {
  std::vector<std::vector<std::uint32_t>> dependents(components.size());
  std::vector<std::uint32_t> waiting_for(components.size());
  std::vector<std::uint32_t> queue;
  queue.reserve(components.size());
  for (const std::uint32_t component : sorted) {
    const std::span<const std::uint32_t> below = components.edges[component];
    for (const std::uint32_t dependency : below) dependents[dependency].push_back(component);
    waiting_for[component] = static_cast<std::uint32_t>(below.size());
    if (below.empty()) queue.push_back(component);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const std::uint32_t dependent : dependents[queue[next]]) {
      if (--waiting_for[dependent] == 0) queue.push_back(dependent);
    }
  }
  INVARIANT(queue.size() == components.size(), "the graph of components has no cycle");
  return queue;
}

}  // namespace graph

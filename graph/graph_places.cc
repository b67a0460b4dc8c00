#include "graph/graph_places.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graph/adjacency.h"

namespace graph {
namespace {

using Edge = std::pair<std::uint32_t, std::uint32_t>;

// Between packages that lie in the same one: an edge for each import of a module below the one by a module
// below the other.
std::set<Edge> sibling_edges(const ModuleGraph& graph, const PackageTree& tree) {
  std::set<Edge> between;
  for (std::uint32_t i = 0; i < graph.modules.size(); ++i) {
    for (const Dependency& dependency : graph.modules[i].dependencies) {
      between.emplace(tree.of_module[i], tree.of_module[dependency.module.value]);
    }
  }
  std::set<Edge> edges;
  for (const auto& [from, to] : between) {
    const std::vector<std::uint32_t> above_from = tree.path_to(from);
    const std::vector<std::uint32_t> above_to = tree.path_to(to);
    for (std::size_t i = 0; i < std::min(above_from.size(), above_to.size()); ++i) {
      if (above_from[i] == above_to[i]) continue;
      edges.emplace(above_from[i], above_to[i]);
      break;
    }
  }
  return edges;
}

// Packages import each other in cycles, whose members share a layer.
std::vector<std::uint32_t> layers_with_cycles(const Adjacency& edges) {
  const StrongComponents cycles = strong_components(edges);
  const std::vector<std::uint32_t> layers = layers_of(cycles);
  std::vector<std::uint32_t> of_vertex;
  for (std::uint32_t vertex = 0; vertex < edges.size(); ++vertex) {
    of_vertex.push_back(layers[cycles.of_vertex[vertex]]);
  }
  return of_vertex;
}

}  // namespace

std::vector<Place> component_places(const Condensation& components) {
  Adjacency edges;
  std::vector<std::uint32_t> layers;
  for (const Component& component : components.components()) {
    for (const ComponentId below : component.dependencies) edges.add_edge(below.value);
    edges.end_vertex();
    layers.push_back(component.wave);
  }
  return layered_layout(edges, layers);
}

std::vector<Place> package_places(const ModuleGraph& graph, const PackageTree& tree) {
  const auto count = static_cast<std::uint32_t>(tree.packages.size());
  std::vector<std::vector<std::uint32_t>> children(count + 1);  // the last: of no package
  std::vector<std::uint32_t> number(count);                     // among its siblings
  for (std::uint32_t package = 0; package < count; ++package) {
    auto& siblings = children[std::min(tree.packages[package].parent, count)];
    number[package] = static_cast<std::uint32_t>(siblings.size());
    siblings.push_back(package);
  }
  const std::set<Edge> all_edges = sibling_edges(graph, tree);
  std::vector<Place> places(count);
  for (const std::vector<std::uint32_t>& siblings : children) {
    Adjacency edges;
    for (const std::uint32_t package : siblings) {
      for (auto it = all_edges.lower_bound({package, 0}); it != all_edges.end() && it->first == package;
           ++it) {
        edges.add_edge(number[it->second]);
      }
      edges.end_vertex();
    }
    const std::vector<Place> own = layered_layout(edges, layers_with_cycles(edges));
    for (std::size_t i = 0; i < siblings.size(); ++i) places[siblings[i]] = own[i];
  }
  return places;
}

}  // namespace graph

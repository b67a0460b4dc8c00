#include "graph/adjacency.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/property_map/property_map.hpp>
#include <utility>

#include "graph/result.h"

namespace graph {
namespace {

using BoostGraph =
    boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                       boost::no_property, std::uint32_t, std::uint32_t>;

BoostGraph boost_graph_of(const Adjacency& graph) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  edges.reserve(graph.targets().size());
  for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
    for (const std::uint32_t target : graph[vertex]) edges.emplace_back(vertex, target);
  }
  return {boost::edges_are_sorted, edges.begin(), edges.end(), graph.size()};
}

void add_component_edges(const Adjacency& graph, StrongComponents& components) {
  std::vector<std::uint32_t> seen_from(components.size(), 0xffffffff);
  std::vector<std::uint32_t> row;
  components.edges = Adjacency(graph.targets().size());
  for (std::uint32_t component = 0; component < components.size(); ++component) {
    row.clear();
    for (const std::uint32_t vertex : components.members[component]) {
      for (const std::uint32_t target : graph[vertex]) {
        const std::uint32_t other = components.of_vertex[target];
        if (other == component || seen_from[other] == component) continue;
        INVARIANT(other < component, "strong components are numbered dependencies first");
        seen_from[other] = component;
        row.push_back(other);
      }
    }
    std::sort(row.begin(), row.end());
    for (const std::uint32_t other : row) components.edges.add_edge(other);
    components.edges.end_vertex();
  }
}

}  // namespace

StrongComponents strong_components(const Adjacency& graph) {
  StrongComponents components;
  components.of_vertex.resize(graph.size());
  if (graph.size() == 0) return components;
  const BoostGraph boost_graph = boost_graph_of(graph);
  const auto component_map =
      boost::make_iterator_property_map(components.of_vertex.begin(), get(boost::vertex_index, boost_graph));
  const std::uint32_t count =
      static_cast<std::uint32_t>(boost::strong_components(boost_graph, component_map));
  components.members.resize(count);
  for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
    components.members[components.of_vertex[vertex]].push_back(vertex);
  }
  add_component_edges(graph, components);
  return components;
}

std::vector<std::uint32_t> layers_of(const StrongComponents& components) {
  std::vector<std::uint32_t> layers(components.size(), 0);
  for (std::uint32_t component = 0; component < components.size(); ++component) {
    for (const std::uint32_t below : components.edges[component]) {
      layers[component] = std::max(layers[component], layers[below] + 1);
    }
  }
  return layers;
}

}  // namespace graph

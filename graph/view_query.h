// Which part of a graph one wants to see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph_view.h"

namespace graph {

// What is asked for holds together: a node is shown if all parts that are given contain it. Names are those
// of modules or, at the level of packages, of packages; a module stands for the node it is in.
struct ViewQuery {
  std::vector<std::string> focus;            // and what is at most `depth` imports away, either way
  std::vector<std::string> dependents_of;    // what imports them, directly or not, and themselves
  std::vector<std::string> dependencies_of;  // what they import, directly or not, and themselves
  // Of all three; unless given 1 for `focus`, and no limit for the others.
  std::optional<std::uint32_t> depth;

  bool any() const { return !focus.empty() || !dependents_of.empty() || !dependencies_of.empty(); }
};

// Finds the nodes of a view by name.
class ViewNames {
 public:
  ViewNames(const GraphView& view, const ModuleGraph& graph);
  std::optional<std::uint32_t> find(const std::string& name) const;
  // All that can be found, for suggestions.
  std::vector<std::string> all() const;

 private:
  std::vector<std::pair<std::string, std::uint32_t>> names_;  // sorted
};

// By node whether it is shown. The names must be there.
std::vector<bool> select_nodes(const GraphView& view, const ViewNames& names, const ViewQuery& query);

// The shortest chain of imports between two nodes, in its order, and nothing else; of equally short ones that
// whose imports come first. Nothing if there is none.
std::optional<GraphView> shortest_chain(const GraphView& view, std::uint32_t from, std::uint32_t to);

}  // namespace graph

// The packages around the nodes of a view, as nested clusters.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "graph/graph_view.h"

namespace runner {

// What lies directly in one package: packages and nodes, by number. The key kNoPackage has the outermost
// ones.
struct ClusterContent {
  std::vector<std::uint32_t> packages;
  std::vector<std::uint32_t> nodes;
};

// Packages without any node in them are left out.
inline std::map<std::uint32_t, ClusterContent> cluster_tree(const graph::GraphView& view) {
  std::map<std::uint32_t, ClusterContent> tree;
  tree[graph::kNoPackage];
  for (std::uint32_t node = 0; node < view.nodes.size(); ++node) {
    std::uint32_t package = view.nodes[node].cluster;
    bool known = tree.contains(package);
    tree[package].nodes.push_back(node);
    while (!known) {
      const std::uint32_t parent = view.packages.packages[package].parent;
      known = tree.contains(parent);
      tree[parent].packages.push_back(package);
      package = parent;
    }
  }
  return tree;
}

}  // namespace runner

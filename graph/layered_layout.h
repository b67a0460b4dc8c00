// Places for the vertices of a layered graph, so that its picture has few crossings.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/adjacency.h"

namespace graph {

// One unit is the room of a vertex.
struct Place {
  double x = 0;
  double y = 0;

  bool operator==(const Place&) const = default;
};

// `edges` lead from a vertex to vertices in lower layers; others are ignored. Layers stand side by side from
// left to right, centred about y = 0; one with more vertices than a picture has room for takes several
// columns. Within a layer vertices are ordered by the barycentres of their neighbours in a few sweeps up and
// down (Sugiyama, Tagawa, Toda 1981, without the dummies for long edges); the order with the shortest edges
// is taken.
std::vector<Place> layered_layout(const Adjacency& edges, std::span<const std::uint32_t> layers);

}  // namespace graph

// Where components and packages stand in a picture of the graph.
#pragma once

#include <vector>

#include "graph/condensation.h"
#include "graph/layered_layout.h"
#include "graph/module_graph.h"
#include "graph/package_tree.h"

namespace graph {

// By ComponentId: the waves from left to right.
std::vector<Place> component_places(const Condensation& components);

// By package. Packages that lie in the same one are laid out among themselves: those that others import
// stand left of them.
std::vector<Place> package_places(const ModuleGraph& graph, const PackageTree& tree);

}  // namespace graph

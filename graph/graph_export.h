// The module graph and its components as text for people and other tools.
#pragma once

#include <string>

#include "graph/condensation.h"
#include "graph/module_graph.h"

namespace graph {

// {"format": 1, "modules": [...], "components": [...]}; modules in load order, components in processing order
// and named by their place in it. Bytes that are not UTF-8 become U+FFFD.
std::string graph_to_json(const ModuleGraph& graph, const Condensation& components);

// Graphviz; an edge for each import, a cluster for each import cycle.
std::string graph_to_dot(const ModuleGraph& graph, const Condensation& components);

}  // namespace graph

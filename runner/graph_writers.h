// The formats of `typewave graph`. All are functions of what they are given: no times, no machine in them.
// Names and paths are text in each of them, whatever is in them.
#pragma once

#include <string>

#include "graph/condensation.h"
#include "graph/graph_view.h"
#include "graph/module_graph.h"

namespace runner {

// What is asked for, and what it was taken from.
struct ShownGraph {
  const graph::GraphView& view;
  const graph::ModuleGraph& graph;
  const graph::Condensation& components;
};

// Described by testdata/schemas/graph.schema.json.
std::string graph_json(const ShownGraph& shown);
// Graphviz: a cluster for each package; cycles in red; imports for type checkers only dotted, those inside of
// functions dashed; modules that are not own dashed.
std::string graph_dot(const ShownGraph& shown);
std::string graph_graphml(const ShownGraph& shown);
// A flow chart, with the same signs.
std::string graph_mermaid(const ShownGraph& shown);
// For people: each node with what it imports.
std::string graph_listing(const ShownGraph& shown);

}  // namespace runner

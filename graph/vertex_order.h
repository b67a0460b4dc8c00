// An order of vertices in which few arcs lead backwards, by weight.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/feedback_arcs.h"

namespace graph {

// For each vertex its place. An arc leads backwards if its start comes after its end. Fixed arcs weigh more
// than all others together.
std::vector<std::uint32_t> few_backward_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs);

}  // namespace graph

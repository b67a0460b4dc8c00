// The cheapest arcs whose removal leaves a directed graph without cycles: a feedback arc set.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/adjacency.h"

namespace graph {

struct WeightedArc {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t weight = 1;  // what its removal costs
  bool fixed = false;        // cannot be removed
};

// The graph of those arcs whose index `is_kept` holds for.
Adjacency graph_of_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                        const std::function<bool(std::size_t)>& is_kept);

struct FeedbackArcs {
  std::vector<std::uint32_t> arcs;  // by index, ascending
  bool breaks_all = true;           // false: there are cycles of fixed arcs alone, which remain
};

// To find the least weight is NP-hard; this is a heuristic: the order of Eades, Lin and Smyth ("A fast and
// effective heuristic for the feedback arc set problem", 1993) with weights, improved by moving single
// vertices to their best places and by small random shakes (iterated local search as for the linear ordering
// problem; the generator has a fixed seed). Arcs against that order are the set; of those each that closes no
// cycle is taken out again, heaviest first. So the set is minimal: putting any of its arcs back closes a
// cycle. Loops are ignored, and so is what lies within a cycle of fixed arcs. The same input gives the same
// set.
FeedbackArcs feedback_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs);

}  // namespace graph

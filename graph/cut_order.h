// In which order arcs are best removed: the largest cycle shrinks as early as can be.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/feedback_arcs.h"

namespace graph {

struct CutStep {
  std::uint32_t arc = 0;   // by index
  std::uint32_t left = 0;  // vertices in the largest component once this one and all before it are removed

  bool operator==(const CutStep&) const = default;
};

// Orders `cut`, indices of arcs whose removal leaves no cycle but those of fixed arcs. Found backwards, as
// for the dismantling of networks: with all of them removed, that arc is put back next which makes the
// smallest cycle (of equals the heaviest), until all are back.
std::vector<CutStep> cut_order(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                               std::span<const std::uint32_t> cut);

}  // namespace graph

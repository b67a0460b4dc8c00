// The waves of a graph, how much work each is, and what more processors could bring at most.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/condensation.h"

namespace scheduler {

struct WaveLoad {
  std::uint32_t components = 0;
  std::uint32_t modules = 0;
  double work = 0;
};

// Costs are in any unit of time.
struct WavePlan {
  std::vector<WaveLoad> waves;
  double work = 0;                        // of all components
  double longest = 0;                     // of one component
  std::vector<graph::ComponentId> chain;  // the most expensive chain, dependencies first
  double chain_work = 0;

  // A lower bound of the time that so many processors need: neither less than the whole chain nor than an
  // even share of the work. 0: as many as one likes.
  double least_time(std::uint32_t processors) const;
};

// `costs` by ComponentId.
WavePlan plan_waves(const graph::Condensation& components, std::span<const double> costs);

}  // namespace scheduler

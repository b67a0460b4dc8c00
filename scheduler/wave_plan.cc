#include "scheduler/wave_plan.h"

#include <algorithm>

namespace scheduler {

double WavePlan::least_time(std::uint32_t processors) const {
  if (processors == 0) return chain_work;
  return std::max(chain_work, work / processors);
}

WavePlan plan_waves(const graph::Condensation& components, std::span<const double> costs) {
  WavePlan plan;
  plan.waves.resize(components.wave_count());
  const auto count = static_cast<std::uint32_t>(components.size());
  // Of each component: the most expensive chain that ends with it, and its last link but one.
  std::vector<double> reached(count, 0);
  constexpr std::uint32_t kNone = 0xffffffff;
  std::vector<std::uint32_t> previous(count, kNone);
  std::uint32_t last = kNone;
  for (std::uint32_t id = 0; id < count; ++id) {
    const graph::Component& component = components[{id}];
    WaveLoad& wave = plan.waves[component.wave];
    ++wave.components;
    wave.modules += static_cast<std::uint32_t>(component.modules.size());
    wave.work += costs[id];
    plan.work += costs[id];
    plan.longest = std::max(plan.longest, costs[id]);
    for (const graph::ComponentId below : component.dependencies) {
      if (previous[id] != kNone && reached[below.value] <= reached[id]) continue;
      reached[id] = reached[below.value];
      previous[id] = below.value;
    }
    reached[id] += costs[id];
    if (last == kNone || reached[id] > reached[last]) last = id;
  }
  for (std::uint32_t id = last; id != kNone; id = previous[id]) plan.chain.push_back({id});
  std::reverse(plan.chain.begin(), plan.chain.end());
  if (last != kNone) plan.chain_work = reached[last];
  return plan;
}

}  // namespace scheduler

// What the store knows of the checks of a run: how long each took, and what it found.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runner/planned_run.h"
#include "runner/state_directory.h"

namespace runner {

struct MeasuredCosts {
  // Of CPU, by ComponentId: of the check that gave the result that holds, else of the last one in this
  // folder.
  std::vector<std::optional<double>> seconds;
  std::vector<std::optional<std::uint32_t>> errors;  // by ModuleId; nothing for modules that are not own
};

// Nothing is measured of a graph alone.
MeasuredCosts nothing_measured(const graph::ModuleGraph& graph, const graph::Condensation& components);
MeasuredCosts measured_costs(const PlannedRun& run, const StateDirectory& state);

// Seconds for all: what is not measured is estimated by the bytes of source at the rate of what is. Nothing
// if nothing is measured.
std::optional<std::vector<double>> estimated_seconds(const MeasuredCosts& measured,
                                                     const scheduler::CostModel& costs);

}  // namespace runner

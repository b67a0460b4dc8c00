// What `typewave waves` says.
#pragma once

#include <string>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/wave_plan.h"

namespace runner {

struct WavesReport {
  const graph::ModuleGraph& graph;
  const graph::Condensation& components;
  const std::vector<double>& costs;  // by ComponentId
  const scheduler::WavePlan& plan;
  bool in_seconds =
      false;  // costs are seconds of CPU, else bytes of source with a fixed part for each module
  std::size_t measured = 0;  // components whose seconds are measured; those of the others are estimated
};

std::string waves_text(const WavesReport& report);
// Described by testdata/schemas/waves.schema.json.
std::string waves_json(const WavesReport& report);

}  // namespace runner

// What `typewave cycles` says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/import_cycles.h"
#include "graph/module_graph.h"
#include "runner/known_cycles.h"
#include "runner/measured_costs.h"

namespace runner {

struct CyclesReport {
  const graph::ModuleGraph& graph;
  const graph::Condensation& components;
  const MeasuredCosts& measured;
  std::vector<graph::ImportCycle> cycles;  // in the order they are told
  std::vector<std::optional<std::uint64_t>>
      checks;                       // by ComponentId: how often it was checked in this folder
  std::size_t in_libraries = 0;     // left out, since none of their modules is own
  const CycleNews* news = nullptr;  // with --fail-on-new; about `cycles`
};

// The sorted names of each, as they are shown.
CycleNames names_of(const CyclesReport& report);

// At most so many imports of each cycle.
std::string cycles_text(const CyclesReport& report, std::size_t most_cuts);
// Of the new ones alone.
std::string new_cycles_text(const CyclesReport& report, std::size_t most_cuts);
// Described by testdata/schemas/cycles.schema.json.
std::string cycles_json(const CyclesReport& report);

}  // namespace runner

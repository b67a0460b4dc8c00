// Outcomes that held in an earlier run over the same module graph. When little has changed since, most
// decisions come down to comparing their numbers: nothing is looked up by name, and of the store only
// diagnostics are read.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/digest.h"
#include "graph/module_graph.h"

namespace scheduler {

struct KnownOutcome {
  bool valid = false;       // there was one, and the component's static key is what it was
  bool silent = false;      // it has no diagnostics
  std::uint32_t first = 0;  // its used modules: a range of KnownOutcomes::used
  std::uint32_t last = 0;
  graph::Digest used_digest;  // as in its ManifestEntry
  double seconds = 0;
};

struct KnownOutcomes {
  std::vector<KnownOutcome> by_component;
  std::vector<graph::ModuleId> used;      // in the order of their names
  std::vector<graph::Digest> interfaces;  // by ModuleId, as of then
  std::vector<bool> mentions_lines;       // by ModuleId, as in ModuleOutcome
};

}  // namespace scheduler

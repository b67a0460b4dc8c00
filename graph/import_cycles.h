// The import cycles of a graph: what each costs, and which imports it takes to break it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "graph/condensation.h"
#include "graph/import_uses.h"
#include "graph/module_graph.h"

namespace graph {

// One import to remove.
struct CutImport {
  ModuleId from;
  ModuleId to;
  ImportPlaces places;
  std::uint32_t left = 0;  // modules in the largest cycle left once this one and all before it are removed
};

struct ImportCycle {
  ComponentId component;
  bool own = false;                        // holds a module whose diagnostics are reported
  std::array<std::uint32_t, 4> imports{};  // within the cycle, by ImportUse
  // The order in which they split off most. Empty in a cycle without own modules.
  std::vector<CutImport> cut;
  std::uint32_t left = 0;  // modules in the largest cycle left after the whole cut; 1: it is broken
  // Modules that wait for each other at most on a chain of imports through the cycle, whose modules are
  // checked in one piece; and the same after the cut.
  std::uint32_t chain = 0;
  std::uint32_t chain_after_cut = 0;
  // That import the cycle, directly or not: their checks may have to be done again after an edit in it.
  std::uint32_t dependent_components = 0;
  std::uint32_t dependent_modules = 0;
};

// The largest first, of equals the one that is checked first. An import can be cut where a statement of an
// own module leads to it; those for type checkers only cost least, those inside of functions less than those
// at run time.
std::vector<ImportCycle> import_cycles(const ModuleGraph& graph, const Condensation& components,
                                       const ImportUses& uses);

}  // namespace graph

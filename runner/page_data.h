// What the page of `typewave graph --format html` knows, as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/import_cycles.h"
#include "graph/import_uses.h"
#include "graph/module_graph.h"
#include "runner/affected_modules.h"
#include "runner/measured_costs.h"

namespace runner {

struct PageInput {
  std::string project;
  const graph::ModuleGraph& graph;
  const graph::Condensation& components;
  const graph::ImportUses& uses;
  const std::vector<graph::ImportCycle>& cycles;
  const MeasuredCosts& measured;
  const std::vector<bool>& visible;  // by ModuleId; of the others nothing is said
  const AffectedModules* affected = nullptr;
};

// One JSON object in columns. Modules, components and packages are named by their place in them; only visible
// ones have one. All text is visible text, and nothing in it means anything to HTML.
//
//   format        1
//   project       name of the folder
//   typewave      version
//   modules       name, path: texts. own: 1 if its diagnostics are reported. component, package: numbers.
//   bytes:
//                 of its source, null for a namespace package. errors: null if not known or not own. seconds:
//                 of CPU its check took; those of a cycle are shared out by bytes; null if not known. fan_in:
//                 how many visible modules import it
//   imports       for each module a list of [module, use, line]; use: 0 at run time, 1 inside of functions, 2
//                 for type checkers only, 3 not written in the source; line: the first, 0 if there is none
//   components    modules: a list for each. wave. seconds: null if not known. x, y: where they stand, one
//   unit
//                 apart, waves from left to right
//   packages      name. parent: -1 for the outermost. x, y: among those with the same parent
//   cycles        largest first. component. seconds. chain: by how many modules it makes the longest chain
//                 of imports through it longer than it would be after the cut. cuts: the imports to remove,
//                 in the order that splits off most: from, to, path, line (of the first), lines (all), kind:
//                 as use above; left: modules in the largest cycle left after this one and all before it
//   waves         components, modules: how many. seconds: null if nothing is known
//   affected      null, or since: the revision; changed, affected: modules
std::string page_data(const PageInput& input);

}  // namespace runner

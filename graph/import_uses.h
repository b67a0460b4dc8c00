// What an import is for: needed at run time, inside of a function, by type checkers only, or not written at
// all; and on which lines.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/module_graph.h"

namespace graph {

// The strongest first: it counts where a module imports another one several times.
enum class ImportUse : std::uint8_t {
  kRunTime,       // executed when the module is
  kFunction,      // executed when a function is
  kTypeChecking,  // reachable for type checkers only
  kImplied,       // named by no statement: a package above an imported module, builtins, what a plugin adds
};

struct ImportPlaces {
  ImportUse use = ImportUse::kImplied;
  // The statements that would have to go so that the dependency goes, ascending. Empty where none in the
  // source leads to it.
  std::vector<std::uint32_t> lines;

  bool operator==(const ImportPlaces&) const = default;
};

// For each module, in the order of its dependencies. mypy's priorities do not say it: a package of which only
// modules are imported has the same as an import inside of a function.
using ImportUses = std::vector<std::vector<ImportPlaces>>;

ImportUses import_uses(const ModuleGraph& graph);

}  // namespace graph

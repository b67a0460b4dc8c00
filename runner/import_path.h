// How one module reaches another: the shortest chain of imports, with the lines they stand on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/module_graph.h"

namespace runner {

struct ImportStep {
  graph::ModuleId importer;
  graph::ModuleId imported;
  std::int32_t line = 1;  // -1 for an import that a plugin added

  bool operator==(const ImportStep&) const = default;
};

// The shortest chain from `from` to the nearest module that is `wanted`, importers first; of equally near
// ones that whose imports come first. Empty if `from` itself is wanted, nothing if none is reached.
std::optional<std::vector<ImportStep>> shortest_imports(const graph::ModuleGraph& graph, graph::ModuleId from,
                                                        const std::function<bool(graph::ModuleId)>& wanted);

}  // namespace runner

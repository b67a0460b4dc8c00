#include "runner/import_path.h"

#include <algorithm>
#include <deque>

namespace runner {

std::optional<std::vector<ImportStep>> shortest_imports(const graph::ModuleGraph& graph, graph::ModuleId from,
                                                        const std::function<bool(graph::ModuleId)>& wanted) {
  std::vector<std::optional<ImportStep>> reached_by(graph.modules.size());
  std::vector<bool> seen(graph.modules.size(), false);
  std::deque<graph::ModuleId> open{from};
  seen[from.value] = true;
  while (!open.empty()) {
    const graph::ModuleId module = open.front();
    open.pop_front();
    if (wanted(module)) {
      std::vector<ImportStep> steps;
      for (graph::ModuleId at = module; at != from; at = steps.back().importer) {
        steps.push_back(*reached_by[at.value]);
      }
      std::reverse(steps.begin(), steps.end());
      return steps;
    }
    for (const graph::Dependency& dependency : graph[module].dependencies) {
      if (seen[dependency.module.value]) continue;
      seen[dependency.module.value] = true;
      reached_by[dependency.module.value] = {module, dependency.module, graph::signed_line(dependency.line)};
      open.push_back(dependency.module);
    }
  }
  return std::nullopt;
}

}  // namespace runner

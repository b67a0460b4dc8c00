// Which modules may hold the messages about imports that mypy prints once a run, at the first module that has
// them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/module_graph.h"

namespace runner {

// For each kind of such a message the modules that may have it, in mypy's order: up to the first that surely
// has.
using FirstReports = std::map<std::string, std::vector<graph::ModuleId>>;

FirstReports first_reports(const graph::ModuleGraph& graph);

// The kinds that one module may have.
std::vector<std::string> kinds_of_reports(const graph::Module& module);

}  // namespace runner

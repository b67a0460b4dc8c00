// Puts the diagnostics of all components together as one mypy run would print them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "runner/planned_run.h"
#include "scheduler/outcome.h"
#include "scheduler/run_state.h"

namespace runner {

// The diagnostics of one module, still as mypy reported them.
struct ModuleDiagnostics {
  graph::ModuleId module;
  std::string path;  // as mypy prints it
  std::vector<scheduler::Diagnostic> diagnostics;
  std::vector<std::pair<std::string, int>> import_context;  // outermost importer first
};

// The path of a module in messages: that of its file, or what mypy says of -c.
std::string printed_path(const graph::Module& module);

// Collects them while components come to their final states.
class DiagnosticMerge {
 public:
  // All must outlive it.
  DiagnosticMerge(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                  const scheduler::RunState& run);
  // Takes over what is final by now; others may go on. Gives what will be the same in the end, however those
  // end; valid as long as the merge, until it is finished.
  std::vector<const ModuleDiagnostics*> take_final();
  // All of them, sorted by path, when all components have their final state. Once. Messages that mypy prints
  // once per run stay where a cold mypy reports them first: those of imports in load order, those of checks
  // in processing order. Components without an outcome are left out.
  std::vector<ModuleDiagnostics> finish();

 private:
  void take(graph::ComponentId id);

  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const scheduler::RunState& run_;
  std::vector<bool> taken_;     // by ComponentId
  std::vector<bool> has_once_;  // by ModuleId: there are messages that are printed once per run
  std::vector<ModuleDiagnostics> by_module_;
};

// Those of a run as it stands.
inline std::vector<ModuleDiagnostics> merge_diagnostics(const PlannedRun& run) {
  return DiagnosticMerge(run.setup().graph, *run.setup().components, run.state()).finish();
}

}  // namespace runner

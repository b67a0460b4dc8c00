#include "runner/merge.h"

#include <algorithm>
#include <unordered_set>

namespace runner {
namespace {

std::vector<std::pair<std::string, int>> import_context_of(const graph::ModuleGraph& graph,
                                                           const graph::Module& module) {
  std::vector<std::pair<std::string, int>> context;
  for (const graph::Module* at = &module; at->imported_from;) {
    const auto& [importer, line] = *at->imported_from;
    at = &graph[importer];
    context.emplace_back(at->path, graph::signed_line(line));
  }
  std::reverse(context.begin(), context.end());
  return context;
}

// Drops the messages of one phase that were shown before; notes keep pointing at their parents.
class OncePerRun {
 public:
  void filter(std::vector<scheduler::Diagnostic>& diagnostics, bool import_phase) {
    std::vector<std::int32_t> new_index(diagnostics.size(), -1);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < diagnostics.size(); ++i) {
      scheduler::Diagnostic& diagnostic = diagnostics[i];
      if (diagnostic.only_once && diagnostic.from_import_phase == import_phase &&
          !seen_.insert(diagnostic.message).second) {
        continue;
      }
      new_index[i] = static_cast<std::int32_t>(kept);
      if (diagnostic.parent >= 0) diagnostic.parent = new_index[static_cast<std::size_t>(diagnostic.parent)];
      if (kept != i) diagnostics[kept] = std::move(diagnostic);
      ++kept;
    }
    diagnostics.resize(kept);
  }

 private:
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::string printed_path(const graph::Module& module) {
  return module.path.empty() ? "<string>" : module.path;
}

DiagnosticMerge::DiagnosticMerge(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                                 const scheduler::RunState& run)
    : graph_(graph),
      condensation_(condensation),
      run_(run),
      taken_(run.size()),
      by_module_(graph.modules.size()) {}

void DiagnosticMerge::take_final() {
  for (std::uint32_t i = 0; i < run_.size(); ++i) {
    const scheduler::ComponentState state = run_.state({i});
    using enum scheduler::ComponentState;
    if (state == kReused || state == kChecked) take({i});
  }
}

void DiagnosticMerge::take(graph::ComponentId id) {
  const auto& outcome = run_[id].outcome;
  if (!outcome || taken_[id.value]) return;
  taken_[id.value] = true;
  const graph::Component& component = condensation_[id];
  for (std::size_t k = 0; k < component.modules.size(); ++k) {
    if (outcome->modules[k].diagnostics.empty()) continue;
    by_module_[component.modules[k].value].diagnostics = outcome->modules[k].diagnostics;
  }
}

std::vector<ModuleDiagnostics> DiagnosticMerge::finish() {
  for (std::uint32_t i = 0; i < run_.size(); ++i) take({i});
  OncePerRun once;
  for (ModuleDiagnostics& module : by_module_) once.filter(module.diagnostics, true);
  for (const graph::Component& component : condensation_.components()) {
    for (const graph::ModuleId id : component.modules) once.filter(by_module_[id.value].diagnostics, false);
  }
  std::vector<ModuleDiagnostics> result;
  for (std::uint32_t i = 0; i < by_module_.size(); ++i) {
    if (by_module_[i].diagnostics.empty()) continue;
    by_module_[i].path = printed_path(graph_[{i}]);
    by_module_[i].import_context = import_context_of(graph_, graph_[{i}]);
    result.push_back(std::move(by_module_[i]));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ModuleDiagnostics& a, const ModuleDiagnostics& b) { return a.path < b.path; });
  return result;
}

}  // namespace runner

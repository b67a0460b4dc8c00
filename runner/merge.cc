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
      has_once_(graph.modules.size()),
      by_module_(graph.modules.size()) {}

std::vector<const ModuleDiagnostics*> DiagnosticMerge::take_final() {
  std::vector<const ModuleDiagnostics*> settled;
  for (std::uint32_t i = 0; i < run_.size(); ++i) {
    const scheduler::ComponentState state = run_.state({i});
    using enum scheduler::ComponentState;
    if (taken_[i] || (state != kReused && state != kChecked)) continue;
    take({i});
    for (const graph::ModuleId id : condensation_[{i}].modules) {
      const ModuleDiagnostics& module = by_module_[id.value];
      if (!module.diagnostics.empty() && !has_once_[id.value]) settled.push_back(&module);
    }
  }
  return settled;
}

void DiagnosticMerge::take(graph::ComponentId id) {
  const auto& outcome = run_[id].outcome;
  if (!outcome || taken_[id.value]) return;
  taken_[id.value] = true;
  const graph::Component& component = condensation_[id];
  for (std::size_t k = 0; k < component.modules.size(); ++k) {
    const std::vector<scheduler::Diagnostic>& diagnostics = outcome->modules[k].diagnostics;
    if (diagnostics.empty()) continue;
    const graph::ModuleId module = component.modules[k];
    by_module_[module.value] = {module, printed_path(graph_[module]), diagnostics,
                                import_context_of(graph_, graph_[module])};
    has_once_[module.value] = std::any_of(diagnostics.begin(), diagnostics.end(),
                                          [](const scheduler::Diagnostic& one) { return one.only_once; });
  }
}

std::vector<ModuleDiagnostics> DiagnosticMerge::finish() {
  for (std::uint32_t i = 0; i < run_.size(); ++i) take({i});
  OncePerRun once;
  const auto filter = [&](graph::ModuleId id, bool import_phase) {
    if (has_once_[id.value]) once.filter(by_module_[id.value].diagnostics, import_phase);
  };
  for (std::uint32_t i = 0; i < by_module_.size(); ++i) filter({i}, true);
  for (const graph::Component& component : condensation_.components()) {
    for (const graph::ModuleId id : component.modules) filter(id, false);
  }
  std::vector<ModuleDiagnostics> result;
  for (ModuleDiagnostics& module : by_module_) {
    if (!module.diagnostics.empty()) result.push_back(std::move(module));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ModuleDiagnostics& a, const ModuleDiagnostics& b) { return a.path < b.path; });
  return result;
}

}  // namespace runner

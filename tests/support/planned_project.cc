#include "tests/support/planned_project.h"

#include <set>
#include <utility>

#include "graph/condensation.h"
#include "runner/history_draft.h"
#include "scheduler/decide.h"
#include "tests/support/graph_text.h"

namespace support {

PlannedProject::PlannedProject(std::string_view graph_text, std::vector<graph::OptionsSection> sections) {
  setup.graph = graph_from_text(graph_text);
  setup.options = std::make_unique<graph::OptionsTable>(graph::ModuleOptions{}, std::move(sections));
  for (graph::Module& module : setup.graph.modules) {
    graph::ScannedFile& file = files_.emplace_back();
    file.digest = file.code = graph::sha256("source of " + module.name);
    module.file = &file;
    module.options = &setup.options->for_module(module.name);
    setup.sources.push_back({.path = module.path, .module = module.name, .base_directory = {}, .text = {}});
  }
  setup.components = graph::condense(setup.graph);
  setup.constant.assign(setup.graph.modules.size(), false);
}

PlannedProject& PlannedProject::edit(const std::string& module, std::string_view source) {
  graph::ScannedFile& file = files_[setup.graph.find(module)->value];
  file.digest = file.code = graph::sha256(source);
  return *this;
}

PlannedProject& PlannedProject::keep(const std::string& module,
                                     std::vector<scheduler::Diagnostic> diagnostics,
                                     std::string_view interface) {
  const runner::PlannedRun& run = plan();
  const graph::ComponentId id = setup.components->of(*setup.graph.find(module));
  scheduler::Outcome outcome;
  std::set<std::string> used;
  for (const graph::ModuleId one : (*setup.components)[id].modules) {
    outcome.modules.push_back({graph::sha256(setup.graph[one].name + std::string(interface)), {}});
    for (const graph::Dependency& dependency : setup.graph[one].dependencies) {
      if (setup.components->of(dependency.module) != id) used.insert(setup.graph[dependency.module].name);
    }
  }
  outcome.used.assign(used.begin(), used.end());
  outcome.modules.front().diagnostics = std::move(diagnostics);
  runner::StoredOutcomes(store, false)
      .keep(run.state()[id].static_key,
            scheduler::manifest_entry(std::move(outcome), setup.graph, run.state()));
  return *this;
}

runner::PlannedRun& PlannedProject::plan() {
  run_ = std::make_unique<runner::PlannedRun>(setup, store, false, 2);
  return *run_;
}

std::string PlannedProject::history_bytes(const runner::RunHistory& last, std::int64_t now) {
  const std::shared_ptr<const runner::RunHistory> unowned(std::shared_ptr<void>(), &last);
  return runner::HistoryDraft(unowned, plan()).finish(now);
}

runner::RunHistory PlannedProject::history_after(const runner::RunHistory& last, std::int64_t now) {
  return runner::RunHistory::decode(history_bytes(last, now)).value();
}

}  // namespace support

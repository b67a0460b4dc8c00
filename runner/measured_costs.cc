#include "runner/measured_costs.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "runner/error_table.h"
#include "runner/history_file.h"
#include "runner/merge.h"

namespace runner {

MeasuredCosts nothing_measured(const graph::ModuleGraph& graph, const graph::Condensation& components) {
  MeasuredCosts costs;
  costs.seconds.resize(components.size());
  costs.errors.resize(graph.modules.size());
  return costs;
}

namespace {

void recall_seconds(const RunSetup& setup, const StateDirectory& state, MeasuredCosts& costs) {
  const auto history = read_history(state, setup.mypy_arguments);
  for (std::uint32_t i = 0; history && i < costs.seconds.size(); ++i) {
    if (costs.seconds[i]) continue;
    const std::vector<graph::ModuleId>& modules = (*setup.components)[{i}].modules;
    const ComponentPast* past = history->find(setup.graph[modules.front()].name);
    if (past != nullptr && past->checks > 0 && past->names.size() == modules.size()) {
      costs.seconds[i] = past->seconds;
    }
  }
}

}  // namespace

MeasuredCosts measured_costs(const PlannedRun& run, const StateDirectory& state) {
  const RunSetup& setup = run.setup();
  MeasuredCosts costs = nothing_measured(setup.graph, *setup.components);
  std::unordered_map<std::string, std::uint32_t> by_path;
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    const auto& outcome = run.state()[{i}].outcome;
    if (!outcome) continue;
    costs.seconds[i] = outcome->seconds;
    for (const graph::ModuleId id : (*setup.components)[{i}].modules) {
      const graph::Module& module = setup.graph[id];
      if (module.ignore_all) continue;
      costs.errors[id.value] = 0;
      by_path.emplace(printed_path(module), id.value);
    }
  }
  recall_seconds(setup, state, costs);
  const ShownPath paths(setup.probe.format.cwd, false);
  for (const ModuleDiagnostics& one : merge_diagnostics(run)) {
    const auto module = by_path.find(one.path);
    if (module == by_path.end()) continue;
    const ErrorTable table({one.path, one.diagnostics, {}, false}, paths);
    *costs.errors[module->second] += static_cast<std::uint32_t>(
        std::count_if(table.rows().begin(), table.rows().end(),
                      [](const ErrorRow& row) { return row.in_file && row.is_error; }));
  }
  return costs;
}

std::optional<std::vector<double>> estimated_seconds(const MeasuredCosts& measured,
                                                     const scheduler::CostModel& costs) {
  double seconds = 0;
  double cost = 0;
  for (std::uint32_t i = 0; i < measured.seconds.size(); ++i) {
    if (!measured.seconds[i]) continue;
    seconds += *measured.seconds[i];
    cost += costs.cost({i});
  }
  if (seconds <= 0 || cost <= 0) return std::nullopt;
  std::vector<double> all;
  for (std::uint32_t i = 0; i < measured.seconds.size(); ++i) {
    all.push_back(measured.seconds[i].value_or(costs.cost({i}) * seconds / cost));
  }
  return all;
}

}  // namespace runner

#include "runner/run_counts.h"

#include <algorithm>

namespace runner {

void note_counts(const PlannedRun& run, RunReport& report) {
  using enum scheduler::ComponentState;
  const scheduler::RunState& state = run.state();
  report.own_modules = report.followed_modules = 0;
  for (const graph::Module& module : run.setup().graph.modules) {
    ++(module.ignore_all ? report.followed_modules : report.own_modules);
  }
  report.components = state.size();
  report.waves = run.setup().components->wave_count();
  report.reused = state.count(kReused);
  report.checked += state.count(kChecked);
  report.failed = state.count(kFailed) + state.count(kSkipped);
  for (std::uint32_t i = 0; i < state.size(); ++i) {
    if (!state[{i}].outcome) continue;
    const bool checked = state.state({i}) == kChecked;
    (checked ? report.cpu_seconds_checked : report.cpu_seconds_saved) += state[{i}].outcome->seconds;
    if (!checked) continue;
    for (const graph::ModuleId id : (*run.setup().components)[{i}].modules) {
      report.checked_modules.push_back(run.setup().graph[id].name);
    }
  }
  std::sort(report.checked_modules.begin(), report.checked_modules.end());
}

void count_repeated(const RunAnswer& earlier, RunReport& report) {
  report.own_modules = earlier.own_modules;
  report.followed_modules = earlier.followed_modules;
  report.components = report.reused = earlier.components;
  report.waves = earlier.waves;
  report.cpu_seconds_saved = earlier.cpu_seconds;
}

RunAnswer run_answer(PrintedAnswer answer, const RunReport& report) {
  return {.output = std::move(answer.stdout_text),
          .exit_code = answer.exit_code,
          .own_modules = report.own_modules,
          .followed_modules = report.followed_modules,
          .components = report.components,
          .waves = report.waves,
          .cpu_seconds = report.cpu_seconds_saved + report.cpu_seconds_checked};
}

}  // namespace runner

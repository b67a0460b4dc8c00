#include "runner/waves_command.h"

#include <algorithm>
#include <filesystem>

#include "runner/console.h"
#include "runner/measured_costs.h"
#include "runner/preview.h"
#include "runner/state_directory.h"
#include "runner/waves_report.h"

namespace runner {

int run_waves(const WavesOptions& options) {
  const StateDirectory state =
      StateDirectory::open(std::filesystem::current_path(), StateDirectory::Access::kReadWrite);
  Preview preview;
  if (const auto code = prepare_preview(options.about, state, preview)) return *code;
  RunSetup& setup = preview.setup;
  const PlannedRun run = preview.plan();
  const MeasuredCosts measured = measured_costs(run, state);
  const auto seconds = estimated_seconds(measured, run.costs());
  std::vector<double> costs;
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    costs.push_back(seconds ? (*seconds)[i] : run.costs().cost({i}));
  }
  const scheduler::WavePlan plan = scheduler::plan_waves(*setup.components, costs);
  const auto known = std::count_if(measured.seconds.begin(), measured.seconds.end(),
                                   [](const std::optional<double>& one) { return one.has_value(); });
  const WavesReport report{setup.graph, *setup.components,   costs,
                           plan,        seconds.has_value(), static_cast<std::size_t>(known)};
  print_stdout(options.json ? waves_json(report) : waves_text(report));
  return 0;
}

}  // namespace runner

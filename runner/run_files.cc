#include "runner/run_files.h"

#include <algorithm>

#include "runner/console.h"

namespace runner {

int write_run_files(const CheckOptions& options, const TraceLog& trace, RunReport& report, int code) {
  const auto mind = [&code](const graph::Result<bool>& done) {
    if (done) return;
    print_error(done.error());
    code = std::max(code, kTrouble);
  };
  if (options.trace) mind(trace.write(*options.trace));
  if (lost_output()) code = std::max(code, kTrouble);  // said when the process ends
  report.exit_code = code;
  if (options.summary_json) mind(write_report_json(report, *options.summary_json));
  return code;
}

void write_interrupted_summary(const CheckOptions& options, const StoreCounters& store, double seconds,
                               int code) {
  if (!options.summary_json) return;
  RunReport report;
  report.exit_code = code;
  if (options.verify) report.verification = Verification::kNothing;
  report.store = store;
  report.seconds.total = seconds;
  [[maybe_unused]] const auto written = write_report_json(report, *options.summary_json);
}

}  // namespace runner

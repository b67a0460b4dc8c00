// The files that a run writes about itself: --summary-json and --trace.
#pragma once

#include "runner/check_options.h"
#include "runner/run_report.h"
#include "runner/trace_log.h"

namespace runner {

// Gives the exit status the run ends with: `code`, unless that was fine and a file cannot be written.
int write_run_files(const CheckOptions& options, const TraceLog& trace, RunReport& report, int code);

// The summary of a run that a signal ends: what it counted so far is not looked at.
void write_interrupted_summary(const CheckOptions& options, const StoreCounters& store, double seconds,
                               int code);

}  // namespace runner

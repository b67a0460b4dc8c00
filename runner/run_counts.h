// What a run's report counts of its plan and its states.
#pragma once

#include "runner/comparable_answer.h"
#include "runner/last_run.h"
#include "runner/planned_run.h"
#include "runner/run_report.h"

namespace runner {

// Modules and components as they stand now; what was checked adds to the tries before.
void note_counts(const PlannedRun& run, RunReport& report);
// Of a run that has the answer of an earlier one.
void count_repeated(const RunAnswer& earlier, RunReport& report);
// The answer with these counts, to be remembered.
RunAnswer run_answer(PrintedAnswer answer, const RunReport& report);

}  // namespace runner

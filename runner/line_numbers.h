// Which sources a run's answer depends on without the numbers of their lines.
#pragma once

#include <string_view>

#include "graph/disk_observations.h"
#include "runner/planned_run.h"

namespace runner {

// Whether an interface as the worker serialises it may hold the number of a line. mypy 2.4 writes them in the
// names of classes in functions (`C@12`) and in the metadata of dataclasses and the like; the supplement
// holds those of annotations that are no types.
bool mentions_lines(std::string_view interface);

// Notes by shape what was seen of files in which lines may move without a change of the answer: nothing was
// reported in their components, and no interface of those mentions a line.
void observe_by_shape(const PlannedRun& run, graph::DiskObservations& seen);

}  // namespace runner

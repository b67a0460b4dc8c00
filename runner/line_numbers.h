// Which sources a run's answer depends on without the numbers of their lines.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/disk_observations.h"
#include "runner/planned_run.h"

namespace runner {

// Whether an interface as the worker serialises it may hold the number of a line. mypy 2.4 writes them in the
// names of classes in functions (`C@12`) and in the metadata of dataclasses and the like; the supplement
// holds those of annotations that are no types.
bool mentions_lines(std::string_view interface);

// The files in which lines may move without a change of the answer: nothing was reported in the components of
// their modules, and no interface of those mentions a line.
class LineFreeFiles {
 public:
  // Looks up what does not depend on outcomes; `seen` is in its final order.
  LineFreeFiles(const PlannedRun& run, const graph::DiskObservations& seen);
  // Notes by shape what was seen of them. All components are in their final state.
  void note(const scheduler::RunState& state, graph::DiskObservations& seen) const;

 private:
  struct Place {
    std::uint32_t file;  // of seen.files
    graph::ComponentId component;
  };

  std::vector<Place> places_;     // of each component that is made of a file
  std::vector<bool> candidates_;  // by file
};

}  // namespace runner

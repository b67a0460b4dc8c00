// What a run leaves for later ones: its answer with what it saw of the disk, its graph, its history.
#pragma once

#include <future>
#include <optional>

#include "graph/disk_observations.h"
#include "runner/history_file.h"
#include "runner/line_numbers.h"
#include "runner/planned_run.h"
#include "runner/run_memory.h"
#include "runner/run_setup.h"
#include "runner/state_directory.h"

namespace runner {

// Much of it is known before the answer is, and put together while workers check. Losing any of it costs time
// or explanations only, so trouble with the disk is not reported.
class RunKeeper {
 public:
  // Of a run that is about to check. `memory`: null if its answer may not be repeated. Takes from the setup
  // what it saw of the disk. All must outlive it.
  RunKeeper(const StateDirectory& state, RunMemory* memory, RunSetup& setup, const PlannedRun& run);

  // What the run saw of the disk.
  const graph::DiskObservations& seen();
  // Whether all of that which has a stat was there at one moment; false if stats cannot tell. Nobody else
  // read the sources: the graph is a known one.
  bool seen_at_once();

  // All components have their final state; the rest of the run may go on. Once, before what follows.
  void settle();
  void keep_history();
  // The same, with its answer, which is kept at the end, if it may be repeated.
  void keep_answer(RunAnswer answer);
  // It may not, after all.
  void keep_no_answer();
  // Begins with what is left to do. Nothing more is told then.
  void begin_to_finish();
  // Until all is kept but the answer here: what the run was made of may go, all damage was found, and all is
  // in the store that goes there.
  void finish();
  // Until that is kept, too.
  void finish_answer();

 private:
  void look_back(RunSetup& setup);

  const StateDirectory& state_;
  RunMemory* memory_;
  const PlannedRun& run_;
  graph::DiskObservations seen_;
  std::optional<LineFreeFiles> line_free_;
  std::optional<RunAnswer> answer_;
  std::shared_future<void> looked_back_;
  std::future<PreparedHistory> prepared_;
  std::future<void> settled_, history_, graph_, shared_, remembered_;
};

}  // namespace runner

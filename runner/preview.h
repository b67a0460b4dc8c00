// What a check with the same arguments would be about, for commands that only look.
#pragma once

#include <memory>
#include <optional>

#include "runner/pack_store.h"
#include "runner/planned_run.h"
#include "runner/preview_request.h"
#include "runner/run_setup.h"
#include "runner/state_directory.h"

namespace runner {

// Stays where it was made.
struct Preview {
  std::unique_ptr<PackStore> store;
  RunSetup setup;

  // Decides what a check would reuse, when there is a graph.
  PlannedRun plan();
};

// Fills in everything up to the graph. Gives an exit status when there is none, with a message printed.
std::optional<int> prepare_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview);

}  // namespace runner

// What a check with the same arguments would be about, for commands that only look.
#pragma once

#include <memory>
#include <optional>

#include "runner/pack_store.h"
#include "runner/planned_run.h"
#include "runner/preview_request.h"
#include "runner/run_setup.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"

namespace runner {

// Stays where it was made.
struct Preview {
  std::unique_ptr<PackStore> store;
  RunSetup setup;
  std::unique_ptr<StatCache> memory;  // refers to what the setup holds; null before sources are looked at

  // Decides what a check would reuse, when there is a graph.
  PlannedRun plan();
};

// The parts of prepare_preview(): what mypy says, without a look at the sources; the graph; and what is to be
// remembered of the sources and told of the disk, which need not be waited for before the graph is used.
std::optional<int> ask_for_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview);
std::optional<int> load_preview(const StateDirectory& state, Preview& preview);
void settle_preview(const StateDirectory& state, Preview& preview);

// Fills in everything up to the graph. Gives an exit status when there is none, with a message printed.
std::optional<int> prepare_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview);

}  // namespace runner

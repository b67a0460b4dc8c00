// What a check with the same arguments would be about, for commands that only look.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runner/pack_store.h"
#include "runner/run_setup.h"
#include "runner/state_directory.h"

namespace runner {

struct PreviewRequest {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;  // directory; default_store_directory() otherwise
};

// Stays where it was made.
struct Preview {
  std::unique_ptr<PackStore> store;
  RunSetup setup;
};

// Fills in everything up to the graph. Gives an exit status when there is none, with a message printed.
std::optional<int> prepare_preview(const PreviewRequest& request, const StateDirectory& state,
                                   Preview& preview);

}  // namespace runner

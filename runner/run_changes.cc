#include "runner/run_changes.h"

#include "runner/machine.h"

namespace runner {

SecondLook::SecondLook(const RunSetup& setup, const graph::DiskObservations& seen,
                       graph::ChangeSearch::Extent extent, std::size_t threads)
    : search_(seen, extent) {
  settings_ = std::async(kAside, [this, &setup] {
    std::optional<std::string> changed = setup.settled ? setup.settled->change() : std::nullopt;
    if (!changed) search_.help();
    return changed;
  });
  for (std::size_t i = 1; i < threads; ++i) {
    helpers_.push_back(std::async(kAside, [this] { search_.help(); }));
  }
}

std::optional<std::string> SecondLook::finish() {
  search_.help();
  for (std::future<void>& helper : helpers_) helper.get();
  std::optional<std::string> changed = settings_.get();
  return changed ? changed : search_.found();
}

}  // namespace runner

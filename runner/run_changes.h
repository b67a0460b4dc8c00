// Whether a run still stands for what is on the disk.
#pragma once

#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "graph/disk_changes.h"
#include "graph/disk_observations.h"
#include "runner/run_setup.h"

namespace runner {

// Compares what a run's settings and what it saw of the disk rest on with what is there now.
class SecondLook {
 public:
  // Begins on `threads` threads, at least one, while the run goes on. All must outlive it.
  SecondLook(const RunSetup& setup, const graph::DiskObservations& seen, graph::ChangeSearch::Extent extent,
             std::size_t threads);
  // Something that is not what it was, or nothing. Helps until that is known. Once.
  std::optional<std::string> finish();

 private:
  graph::ChangeSearch search_;
  std::vector<std::future<void>> helpers_;
  std::future<std::optional<std::string>> settings_;
};

}  // namespace runner

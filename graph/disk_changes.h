// Whether the disk is still what a run saw of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "graph/disk_observations.h"
#include "graph/shared_range.h"

namespace graph {

// Looks for something that is not what was seen of it, by as many threads as come to help.
class ChangeSearch {
 public:
  enum class Extent {
    kAll,
    kPaths,  // only what has no stat
  };
  // `seen` must outlive it.
  explicit ChangeSearch(const DiskObservations& seen, Extent extent = Extent::kAll);
  // Looks at what nobody has taken yet, until something is found or nothing is left.
  void help();
  // What was found, or nothing, when all who helped have returned.
  std::optional<std::string> found() const;

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  bool differs(std::size_t number) const;

  const DiskObservations& seen_;
  std::size_t begin_;  // what is before it is left out
  SharedRange range_;
  std::atomic<std::size_t> first_ = kNone;
};

}  // namespace graph

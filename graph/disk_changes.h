// Whether the disk is still what a run saw of it.
#pragma once

#include <optional>
#include <string>

#include "graph/disk_observations.h"

namespace graph {

// Something that is not what was seen of it, or nothing.
std::optional<std::string> find_change(const DiskObservations& seen, unsigned threads);

}  // namespace graph

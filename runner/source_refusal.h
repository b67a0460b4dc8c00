// Sources that nobody should try to read: mypy would wait for ever or run out of memory.
#pragma once

#include <optional>
#include <vector>

#include "graph/result.h"
#include "graph/source_discovery.h"

namespace runner {

// The first such source: a pipe, a device, a file beyond all sense. What the user named below /dev or /proc,
// as with `<(command)`, is left to mypy.
std::optional<graph::Error> refuse_sources(const std::vector<graph::Source>& sources);

}  // namespace runner

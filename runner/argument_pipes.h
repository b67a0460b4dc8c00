// Pipes among the arguments, as of `--config-file <(command)`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

// A pipe can be read once, but typewave and several mypys have to read what it gives. So each one that the
// arguments name by its descriptor (/dev/fd/63) is read here, and gives way to a file in memory of the same
// number. Fails when that cannot hold what was read already.
std::optional<graph::Error> keep_argument_pipes(const std::vector<std::string>& arguments);

// The descriptors that a word names.
std::vector<int> descriptors_in(const std::string& word);

}  // namespace runner

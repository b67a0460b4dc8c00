// Which typewave this is.
#pragma once

#include <optional>

#include "graph/digest.h"

namespace runner {

// Of what the linker wrote down of the program's content (its build id), or, where it wrote nothing, of the
// content itself. Nothing if that cannot be read.
std::optional<graph::Digest> digest_of_own_program();

}  // namespace runner

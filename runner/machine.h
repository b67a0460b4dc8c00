// How much of this machine typewave may use.
#pragma once

#include <cstddef>

namespace runner {

// Processors this process may run on, at least 1.
std::size_t usable_processors();
// Workers when the user does not say: one a processor, as long as each has room for mypy's trees in the
// memory that is available now.
std::size_t default_jobs();

}  // namespace runner

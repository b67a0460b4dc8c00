// The limit of how large a file may become (RLIMIT_FSIZE, `ulimit -f`). Files in memory have it, too.
#pragma once

#include <signal.h>

namespace runner {

// From now on what would exceed it is an error of the write, as on a full disk, and not the end of the
// process.
void survive_file_size_limit();
// Children have it as this process was given it: adds what to set back to the default for them.
void add_file_size_signal(sigset_t& defaults);
// The same in a child of fork().
void restore_file_size_signal();

bool has_file_size_limit();

}  // namespace runner

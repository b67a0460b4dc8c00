// The processes typewave has started and not yet reaped, so that none outlives it.
#pragma once

#include <sys/types.h>

namespace runner {

// A process (`pid`), or with `-pid` the whole group it leads.
bool note_child(pid_t target);
void forget_child(pid_t target);
// Sends SIGKILL to all of them; async-signal-safe.
void kill_children();

}  // namespace runner

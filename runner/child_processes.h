// The processes typewave has started and not yet reaped, and what those started in turn: none outlives it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string_view>
#include <vector>

namespace runner {

// Makes this process the parent of whatever its children leave behind, so that nothing gets out of sight by
// losing its parent. Call it before anything is started. A process that has children already (a shell with
// jobs may have become typewave) leaves them alone: then only what is noted is killed.
void adopt_orphans();

// A process (`pid`), or with `-pid` the whole group it leads. False when there is no room for it, or after
// kill_children(): the caller has to end it.
bool note_child(pid_t target);
void forget_child(pid_t target);

// Sends SIGKILL to all of them and to everything below this process until nothing is left, or for `patience`.
// Nothing new is accepted afterwards.
void kill_children(std::chrono::milliseconds patience);

// Only sends the signal to those that are noted: for an end for which there is no memory.
void kill_noted_children();

// For the end of a run, when all noted children are reaped: kills and reaps what they left behind.
void end_orphans();

// A line of /proc/PID/stat.
struct ProcessLine {
  pid_t pid = 0;
  pid_t parent = 0;
  bool ended = false;  // a zombie
};
// All zero when it is not such a line.
ProcessLine parse_process_line(std::string_view line);
// The processes among `all` that descend from `root` and have not ended.
std::vector<pid_t> descendants_of(pid_t root, const std::vector<ProcessLine>& all);

}  // namespace runner

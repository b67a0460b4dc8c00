// A small process between typewave and a Python process that may load plugins, a worker or mypy itself: it
// ends as the program does. When typewave is gone, however that happened, it ends the program and all that
// the program has started, in whatever session.
#pragma once

#include <string>
#include <vector>

namespace runner {

// The guard is typewave itself, started with this word.
bool is_guard_call(int argc, char** argv);
// Its whole life, for such a call; gives the exit status.
int run_guard(char** argv);

inline constexpr int kNobody = -1;
// The words that start a guard of a program. `life_line` is the end to be inherited, under the same number.
// The first thing that is written to `listener`, a descriptor that the program inherits, is its process
// number (a pid_t).
std::vector<std::string> guarded(const std::vector<std::string>& words, int life_line,
                                 int listener = kNobody);
// The status of a guard whose program cannot be started.
inline constexpr int kCannotStart = 127;

}  // namespace runner

// A small process between typewave and a program that is not one of its workers: it ends as the program does.
// When typewave is gone, however that happened, it ends the program and all that the program has started.
#pragma once

#include <string>
#include <vector>

namespace runner {

// The guard is typewave itself, started with this word.
bool is_guard_call(int argc, char** argv);
// Its whole life; gives the exit status.
int run_guard(int argc, char** argv);

// The words that start a guard of a program. `life_line` is the end to be inherited, under the same number.
std::vector<std::string> guarded(const std::vector<std::string>& words, int life_line);
// The status of a guard whose program cannot be started.
inline constexpr int kCannotStart = 127;

}  // namespace runner

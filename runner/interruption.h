// Ctrl-C and its like: workers gone, what was finished kept, the terminal clean.
#pragma once

#include <signal.h>

#include <functional>

namespace runner {

// Once made, SIGINT, SIGTERM and SIGHUP end the process in order: children are killed with all they started,
// nothing is printed any more, the progress line is erased, `keep` is called once with the exit status to
// come, and the process exits with 128 + signal. Make it before any thread is started: threads inherit that
// these signals are blocked.
class Interruption {
 public:
  explicit Interruption(std::function<void(int)> keep);

  // From now on `keep` is not called: the caller keeps everything itself and ends with a status of its own.
  // Does not return when a signal came first.
  static void begin_ending();
};

// SIGINT, SIGTERM and SIGHUP, without what whoever started us ignores (nohup, a job in the background of a
// script): that stays ignored.
sigset_t heeded_signals();

// For commands that an interruption leaves nothing of.
inline void keep_nothing(int) {}

}  // namespace runner

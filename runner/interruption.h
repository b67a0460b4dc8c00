// Ctrl-C and its like: workers gone, what was finished kept, the terminal clean.
#pragma once

#include <functional>

namespace runner {

// While it lives, SIGINT, SIGTERM and SIGHUP end the process in order: children are killed, `keep` is called
// once with the exit status to come, the progress line is erased, and the process exits with 128 + signal.
// Make it before any thread is started: threads inherit that these signals are blocked.
class Interruption {
 public:
  explicit Interruption(std::function<void(int)> keep);
};

}  // namespace runner

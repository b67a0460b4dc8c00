#include "runner/life_line.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace runner {

graph::Result<LifeLine> LifeLine::make() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return graph::Error{std::string("cannot make a pipe for a child process: ") + std::strerror(errno),
                        "raise the limit of open files (ulimit -n), or use a smaller --jobs"};
  }
  return LifeLine{FileHandle(ends[1]), FileHandle(ends[0])};
}

void LifeLine::tie(pid_t target) const {
  // The closing of the last writer counts as input, and input is told by the signal of our choice.
  ::fcntl(theirs.get(), F_SETOWN, target);
  ::fcntl(theirs.get(), F_SETSIG, SIGKILL);
  ::fcntl(theirs.get(), F_SETFL, O_ASYNC);
}

}  // namespace runner

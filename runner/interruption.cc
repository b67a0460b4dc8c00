#include "runner/interruption.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "runner/child_processes.h"
#include "runner/progress_line.h"

namespace runner {
namespace {

// Keeping what is finished must not hold up somebody who wants to stop.
constexpr unsigned kKeepSeconds = 2;

}  // namespace

Interruption::Interruption(std::function<void(int)> keep) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What whoever started us ignores (nohup, a job in the background of a script) stays ignored.
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    sigaddset(&signals, signal);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  std::thread([signals, keep = std::move(keep)] {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    kill_children();
    if (::isatty(STDERR_FILENO) != 0) {
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kEraseLine, sizeof(kEraseLine) - 1);
    }
    ::alarm(kKeepSeconds);
    keep(128 + signal);
    ::_exit(128 + signal);
  }).detach();
}

}  // namespace runner

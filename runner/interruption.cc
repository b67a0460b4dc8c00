#include "runner/interruption.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "runner/child_processes.h"
#include "runner/console.h"
#include "runner/progress_line.h"

namespace runner {
namespace {

// Keeping what is finished must not hold up somebody who wants to stop.
constexpr std::chrono::milliseconds kKeepPatience{1000};
constexpr std::chrono::milliseconds kKillPatience{700};

std::atomic<bool> interrupted = false;

// Held by whoever ends the process; never given back.
std::recursive_timed_mutex ending;

void end_by_signal(int status, const std::function<void(int)>& keep) {
  interrupted = true;
  silence_console();
  erase_progress();
  kill_children(kKillPatience);
  // Somebody else who is ending the process is given as much time.
  if (ending.try_lock_for(kKeepPatience)) {
    std::promise<void> kept;
    std::future<void> done = kept.get_future();
    std::thread([&keep, status, kept = std::move(kept)]() mutable {
      keep(status);
      kept.set_value();
    }).detach();
    done.wait_for(kKeepPatience);
  }
  ::_exit(status);
}

}  // namespace

sigset_t heeded_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    sigaddset(&signals, signal);
  }
  return signals;
}

Interruption::Interruption(std::function<void(int)> keep) {
  const sigset_t signals = heeded_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  std::thread([signals, keep = std::move(keep)] {
    int signal = 0;
    if (sigwait(&signals, &signal) == 0) end_by_signal(128 + signal, keep);
  }).detach();
}

void Interruption::begin_ending() {
  // The exit status is the signal's then, not that of a run whose children were killed.
  while (interrupted) ::pause();
  ending.lock();
}

}  // namespace runner

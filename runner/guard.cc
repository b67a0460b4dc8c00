#include "runner/guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

#include "runner/child_processes.h"
#include "runner/file_handle.h"
#include "runner/interruption.h"

namespace runner {
namespace {

constexpr std::string_view kWord = "--guard";
// `typewave --guard LIFE_LINE LISTENER PROGRAM ARGUMENTS`
constexpr int kFirstWord = 4;
constexpr std::chrono::milliseconds kPatience{1000};
constexpr const char* kSelf = "/proc/self/exe";

std::optional<int> number_in(std::string_view word) {
  int number = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

// In the process that becomes the program. It says its number itself: so nothing it writes can come before.
[[noreturn]] void become(char** words, pid_t guard, int listener, const sigset_t& signals) {
  const pid_t own = ::getpid();
  if (listener != kNobody && ::write(listener, &own, sizeof(own)) != sizeof(own)) ::_exit(kCannotStart);
  ::sigprocmask(SIG_SETMASK, &signals, nullptr);
  // Whoever kills the guard means the program.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const bool is_path = std::string_view(words[0]).find('/') != std::string_view::npos;
  // With a path execvp() would give what is no program to a shell.
  if (::getppid() == guard) is_path ? ::execv(words[0], words) : ::execvp(words[0], words);
  ::_exit(kCannotStart);
}

// How the program ended, once it has; others are only reaped.
std::optional<int> reap(pid_t program) {
  int status = 0;
  std::optional<int> end;
  for (pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
    if (pid == program) end = status;
  }
  return end;
}

// Until the program ends; nothing when it has to be ended.
std::optional<int> watch(pid_t program, int signals, int life_line) {
  for (;;) {
    pollfd events[] = {{signals, POLLIN, 0}, {life_line, 0, 0}};
    if (::poll(events, 2, -1) < 0 && errno != EINTR) return std::nullopt;
    if ((events[1].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) return std::nullopt;
    signalfd_siginfo info{};
    if ((events[0].revents & POLLIN) == 0 || ::read(signals, &info, sizeof(info)) != sizeof(info)) continue;
    if (info.ssi_signo != SIGCHLD) return std::nullopt;
    if (const std::optional<int> end = reap(program)) return end;
  }
}

int end_like(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const int signal = WTERMSIG(status);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);  // the program has left one, if anybody wants it
  ::signal(signal, SIG_DFL);
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
  ::raise(signal);
  return 128 + signal;
}

}  // namespace

bool is_guard_call(int argc, char** argv) {
  return argc > kFirstWord && argv[1] == kWord;
}

int run_guard(char** argv) {
  const std::optional<int> life_line = number_in(argv[2]);
  const std::optional<int> listener = number_in(argv[3]);
  if (!life_line || !listener) return kCannotStart;
  ::fcntl(*life_line, F_SETFD, FD_CLOEXEC);
  adopt_orphans();
  sigset_t before;
  sigset_t signals = heeded_signals();
  sigaddset(&signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  const FileHandle told(::signalfd(-1, &signals, SFD_CLOEXEC));
  const pid_t guard = ::getpid();
  const pid_t program = ::fork();
  if (program == 0) become(argv + kFirstWord, guard, *listener, before);
  // Whoever listens has to see the end of the program, not ours.
  if (*listener != kNobody) ::close(*listener);
  if (program < 0 || !told) return kCannotStart;
  const std::optional<int> status = watch(program, told.get(), *life_line);
  kill_children(kPatience);
  return status ? end_like(*status) : end_like(SIGKILL);
}

std::vector<std::string> guarded(const std::vector<std::string>& words, int life_line, int listener) {
  std::vector<std::string> all = {kSelf, std::string(kWord), std::to_string(life_line),
                                  std::to_string(listener)};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

}  // namespace runner

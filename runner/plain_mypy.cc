#include "runner/plain_mypy.h"

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runner/child_processes.h"
#include "runner/file_handle.h"
#include "runner/life_line.h"
#include "runner/python_environment.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

// As the console script starts it: the working directory must not be on sys.path.
constexpr const char* kStart =
    "import sys, os\n"
    "if sys.path and sys.path[0] == '': sys.path[0] = os.path.dirname(sys.executable)\n"
    "sys.argv[0] = 'mypy'\n"
    "from mypy.__main__ import console_entry\n"
    "console_entry()\n";

// Where a child's standard output and error go.
struct Streams {
  int stdout_fd = STDOUT_FILENO;
  int stderr_fd = STDERR_FILENO;
};

graph::Result<int> wait_for(pid_t pid) {
  if (!note_child(pid)) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  forget_child(pid);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return graph::Error{"mypy itself " + text_of_end(CLD_KILLED, WTERMSIG(status))};
}

graph::Result<int> run(const std::string& python, const std::vector<std::string>& mypy_arguments,
                       const std::vector<std::string>& variables, const Streams& streams) {
  std::vector<std::string> arguments = {python, "-c", kStart};
  arguments.insert(arguments.end(), mypy_arguments.begin(), mypy_arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  PythonEnvironment environment(variables);
  auto life_line = LifeLine::make();
  if (!life_line) return life_line.error();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Onto itself: the child keeps it.
  posix_spawn_file_actions_adddup2(&actions, life_line->theirs.get(), life_line->theirs.get());
  posix_spawn_file_actions_adddup2(&actions, streams.stdout_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.stderr_fd, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, python.c_str(), &actions, &attributes, argv.data(), environment.pointers());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return graph::Error{"cannot start " + python + ": " + std::strerror(error)};
  life_line->tie(pid);
  return wait_for(pid);
}

// A file in memory: unlike pipes, two of them need nobody who reads both at once.
FileHandle memory_file(const char* name) {
  return FileHandle(::memfd_create(name, MFD_CLOEXEC));
}

graph::Result<std::string> content_of(const FileHandle& file) {
  std::string text;
  char block[1 << 16];
  for (;;) {
    const ssize_t count = ::pread(file.get(), block, sizeof(block), static_cast<off_t>(text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return graph::Error{std::string("cannot read mypy's output: ") + std::strerror(errno)};
    if (count == 0) return text;
    text.append(block, static_cast<std::size_t>(count));
  }
}

}  // namespace

std::vector<std::string> cold_arguments(std::vector<std::string> mypy_arguments) {
  const auto is_file_of_arguments = [](const std::string& word) { return word.starts_with('@'); };
  // The last word counts, but after -- there are only targets, and a file of arguments may hold that mark
  // too.
  auto at = std::find(mypy_arguments.begin(), mypy_arguments.end(), "--");
  if (std::any_of(mypy_arguments.begin(), at, is_file_of_arguments)) at = mypy_arguments.begin();
  mypy_arguments.insert(at, {"--no-incremental", "--cache-dir=/dev/null", "--num-workers=0"});
  return mypy_arguments;
}

graph::Result<int> run_plain_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments) {
  return run(python, mypy_arguments, {}, {});
}

graph::Result<PrintedAnswer> capture_plain_mypy(const std::string& python,
                                                const std::vector<std::string>& mypy_arguments,
                                                const std::vector<std::string>& variables) {
  const FileHandle printed = memory_file("mypy-stdout");
  const FileHandle complained = memory_file("mypy-stderr");
  if (printed.get() < 0 || complained.get() < 0) {
    return graph::Error{std::string("no room for mypy's output: ") + std::strerror(errno)};
  }
  const auto code = run(python, mypy_arguments, variables, {printed.get(), complained.get()});
  if (!code) return code.error();
  auto stdout_text = content_of(printed);
  if (!stdout_text) return stdout_text.error();
  auto stderr_text = content_of(complained);
  if (!stderr_text) return stderr_text.error();
  return PrintedAnswer{*code, std::move(*stdout_text), std::move(*stderr_text)};
}

}  // namespace runner

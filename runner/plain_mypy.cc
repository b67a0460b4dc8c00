#include "runner/plain_mypy.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runner/child_processes.h"
#include "runner/python_environment.h"

namespace runner {
namespace {

// As the console script starts it: the working directory must not be on sys.path.
constexpr const char* kStart =
    "import sys, os\n"
    "if sys.path and sys.path[0] == '': sys.path[0] = os.path.dirname(sys.executable)\n"
    "sys.argv[0] = 'mypy'\n"
    "from mypy.__main__ import console_entry\n"
    "console_entry()\n";

}  // namespace

graph::Result<int> run_plain_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments,
                                  bool cold) {
  std::vector<std::string> arguments = {python, "-c", kStart};
  if (cold) {
    arguments.emplace_back("--no-incremental");
    arguments.emplace_back("--cache-dir=/dev/null");
  }
  arguments.insert(arguments.end(), mypy_arguments.begin(), mypy_arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  PythonEnvironment environment;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, python.c_str(), nullptr, &attributes, argv.data(), environment.pointers());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return graph::Error{"cannot start " + python + ": " + std::strerror(error)};
  note_child(pid);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  forget_child(pid);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return graph::Error{"mypy was killed by signal " + std::to_string(WTERMSIG(status))};
}

}  // namespace runner

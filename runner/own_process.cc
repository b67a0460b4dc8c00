#include "runner/own_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "runner/file_handle.h"
#include "runner/file_size_limit.h"

namespace runner {
namespace {

constexpr int kCannotStart = 127;

// What mypy is told by a terminal, which the pipe hides.
void show_terminal() {
  if (::isatty(STDOUT_FILENO) == 0) return;
  ::setenv("MYPY_FORCE_COLOR", "1", 0);
}

[[noreturn]] void become(const std::string& directory, char* const* argv, int output) {
  // Nobody else would stop it should this process be killed.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  restore_file_size_signal();
  show_terminal();
  if (::dup2(output, STDOUT_FILENO) < 0 || ::chdir(directory.c_str()) != 0) ::_exit(kCannotStart);
  ::execv("/proc/self/exe", argv);
  ::_exit(kCannotStart);
}

std::string read_all(int descriptor) {
  std::string text;
  char block[1 << 16];
  for (;;) {
    const ssize_t count = ::read(descriptor, block, sizeof(block));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(block, static_cast<std::size_t>(count));
  }
}

}  // namespace

graph::Result<OwnAnswer> run_own_process(const std::string& directory,
                                         const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"typewave"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return graph::Error{std::string("no pipe: ") + std::strerror(errno)};
  const FileHandle reading(ends[0]);
  FileHandle writing(ends[1]);
  const pid_t pid = ::fork();
  if (pid < 0) return graph::Error{std::string("cannot start a process: ") + std::strerror(errno)};
  if (pid == 0) become(directory, argv.data(), writing.get());
  writing = FileHandle();
  OwnAnswer answer;
  answer.stdout_text = read_all(reading.get());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    return graph::Error{"the run in " + directory + " was killed by signal " +
                        std::to_string(WTERMSIG(status))};
  }
  answer.exit_code = WEXITSTATUS(status);
  if (answer.exit_code == kCannotStart) return graph::Error{"cannot run typewave in " + directory};
  return answer;
}

}  // namespace runner

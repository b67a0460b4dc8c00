#include "runner/plain_mypy.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "runner/child_processes.h"
#include "runner/console.h"
#include "runner/file_handle.h"
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

// The options are changed where mypy's parser of arguments is done with them, wherever they came from.
constexpr const char* kJsonPrelude =
    "import argparse\n"
    "parse = argparse.ArgumentParser.parse_args\n"
    "def parse_args(*arguments, **named):\n"
    "    options = parse(*arguments, **named)\n"
    "    options.output, options.junit_xml = 'json', None\n"
    "    options.install_types = options.non_interactive = False\n"
    "    return options\n"
    "argparse.ArgumentParser.parse_args = parse_args\n";

// Where a child's standard streams go.
struct Streams {
  int stdout_fd = STDOUT_FILENO;
  int stderr_fd = STDERR_FILENO;
  int stdin_fd = STDIN_FILENO;
};

graph::Result<int> wait_for(pid_t pid) {
  note_child(pid);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  forget_child(pid);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return graph::Error{"mypy was killed by signal " + std::to_string(WTERMSIG(status))};
}

graph::Result<int> run(const std::string& python, const std::vector<std::string>& mypy_arguments,
                       const std::vector<std::string>& variables, const Streams& streams,
                       const std::string& prelude = {}) {
  std::vector<std::string> arguments = {python, "-c", prelude + kStart};
  arguments.insert(arguments.end(), mypy_arguments.begin(), mypy_arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  PythonEnvironment environment(variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.stdin_fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.stdout_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.stderr_fd, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, python.c_str(), &actions, &attributes, argv.data(), environment.pointers());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return graph::Error{"cannot start " + python + ": " + std::strerror(error)};
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

graph::Result<PrintedAnswer> run_plain_mypy_kept(const std::string& python,
                                                 const std::vector<std::string>& mypy_arguments, bool shown) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return graph::Error{std::string("no pipe for mypy's output: ") + std::strerror(errno)};
  }
  const FileHandle reading(ends[0]);
  FileHandle writing(ends[1]);
  std::string text;
  std::thread reader([&] {
    char block[1 << 16];
    for (ssize_t count = 1; count != 0;) {
      count = ::read(reading.get(), block, sizeof(block));
      if (count < 0 && errno != EINTR) return;
      if (count <= 0) continue;
      text.append(block, static_cast<std::size_t>(count));
      if (shown) print_stdout(std::string(block, static_cast<std::size_t>(count)));
    }
  });
  const auto code = run(python, mypy_arguments, {}, {.stdout_fd = writing.get()});
  writing = FileHandle();
  reader.join();
  if (!code) return code.error();
  return PrintedAnswer{*code, std::move(text), {}};
}

namespace {

graph::Result<PrintedAnswer> capture(const std::string& python,
                                     const std::vector<std::string>& mypy_arguments,
                                     const std::vector<std::string>& variables, int stdin_fd,
                                     const std::string& prelude) {
  const FileHandle printed = memory_file("mypy-stdout");
  const FileHandle complained = memory_file("mypy-stderr");
  if (printed.get() < 0 || complained.get() < 0) {
    return graph::Error{std::string("no room for mypy's output: ") + std::strerror(errno)};
  }
  const auto code =
      run(python, mypy_arguments, variables, {printed.get(), complained.get(), stdin_fd}, prelude);
  if (!code) return code.error();
  auto stdout_text = content_of(printed);
  if (!stdout_text) return stdout_text.error();
  auto stderr_text = content_of(complained);
  if (!stderr_text) return stderr_text.error();
  return PrintedAnswer{*code, std::move(*stdout_text), std::move(*stderr_text)};
}

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) c == '\'' ? text.append("'\\''") : text.append(1, c);
  return text + "'";
}

}  // namespace

graph::Result<PrintedAnswer> capture_mypy_json(const std::string& python,
                                               const std::vector<std::string>& mypy_arguments) {
  const FileHandle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return capture(python, mypy_arguments, {}, nothing.get(), kJsonPrelude);
}

graph::Result<PrintedAnswer> capture_plain_mypy(const std::string& python,
                                                const std::vector<std::string>& mypy_arguments,
                                                const std::vector<std::string>& variables) {
  return capture(python, mypy_arguments, variables, STDIN_FILENO, {});
}

std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments) {
  std::string text = quoted(python) + " -m mypy --no-incremental --show-traceback";
  for (const std::string& argument : mypy_arguments) text += " " + quoted(argument);
  return text;
}

}  // namespace runner

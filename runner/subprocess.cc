// Runs another program to its end.
#include "runner/subprocess.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runner/child_processes.h"
#include "runner/child_streams.h"
#include "runner/console.h"
#include "runner/file_handle.h"
#include "runner/file_size_limit.h"
#include "runner/guard.h"
#include "runner/life_line.h"
#include "runner/memory_file.h"
#include "runner/python_environment.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

// Where a child's standard streams lead.
struct Streams {
  int stdin_fd = STDIN_FILENO;
  int stdout_fd = STDOUT_FILENO;
  int stderr_fd = STDERR_FILENO;
};

graph::Result<int> wait_for(pid_t pid, const std::string& program) {
  if (!note_child(pid)) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  forget_child(pid);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return graph::Error{program + " " + text_of_end(CLD_KILLED, WTERMSIG(status))};
}

const std::string& name_of(const Command& command) {
  return command.name.empty() ? command.words.front() : command.name;
}

// Starts a program that keeps the life line's other end; gives what posix_spawn() gives.
int spawn(std::vector<std::string> words, const Command& command, const Streams& streams,
          const LifeLine& life_line, pid_t& pid) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  PythonEnvironment environment(command.variables);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Onto itself: the child keeps it.
  posix_spawn_file_actions_adddup2(&actions, life_line.theirs.get(), life_line.theirs.get());
  posix_spawn_file_actions_adddup2(&actions, streams.stdin_fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.stdout_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, streams.stderr_fd, STDERR_FILENO);
  if (!command.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  add_file_size_signal(signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  const int error =
      posix_spawnp(&pid, words.front().c_str(), &actions, &attributes, argv.data(), environment.pointers());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

graph::Result<int> run(const Command& command, const Streams& streams) {
  auto life_line = LifeLine::make();
  if (!life_line) return life_line.error();
  pid_t pid = 0;
  bool is_guarded = false;
  if (command.guarded) {
    is_guarded =
        spawn(guarded(command.words, life_line->theirs.get()), command, streams, *life_line, pid) == 0;
  }
  const std::string& program = command.words.front();
  if (!is_guarded) {
    const int error = spawn(command.words, command, streams, *life_line, pid);
    if (error != 0) return cannot_start(program, error);
    life_line->tie(pid);
  }
  life_line->theirs = FileHandle();
  auto status = wait_for(pid, name_of(command));
  if (is_guarded && status && *status == kCannotStart) return graph::Error{"cannot start " + program};
  return status;
}

graph::Result<std::string> content_of(const FileHandle& file, const std::string& program) {
  std::string text;
  char block[1 << 16];
  for (;;) {
    const ssize_t count = ::pread(file.get(), block, sizeof(block), static_cast<off_t>(text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return graph::Error{"cannot read the output of " + program + ": " + std::strerror(errno)};
    }
    if (count == 0) return text;
    text.append(block, static_cast<std::size_t>(count));
  }
}

graph::Error no_room(const std::string& program) {
  const int error = errno;
  return {"no room for the input and output of " + program + ": " + std::strerror(error),
          error == EMFILE || error == ENFILE ? "raise the limit of open files (ulimit -n)" : ""};
}

// Where files in memory are limited as well.
graph::Result<Finished> run_through_pipes(const Command& command) {
  Finished finished;
  Drain printed([&](std::string_view text) { finished.stdout_text += text; });
  Drain complained([&](std::string_view text) { finished.stderr_text += text; });
  std::optional<Feed> told;
  if (command.input) told.emplace(*command.input);
  if (!printed.is_open() || !complained.is_open() || (told && !told->is_open())) {
    return no_room(name_of(command));
  }
  const auto status =
      run(command, {told ? told->descriptor() : STDIN_FILENO, printed.descriptor(), complained.descriptor()});
  if (told) told->finish();
  printed.finish();
  complained.finish();
  if (!status) return status.error();
  finished.status = *status;
  return finished;
}

}  // namespace

graph::Result<Finished> run_captured(const Command& command) {
  if (has_file_size_limit()) return run_through_pipes(command);
  const std::string& program = name_of(command);
  // Unlike pipes, several files need nobody who serves all at once.
  const FileHandle printed = memory_file("stdout");
  const FileHandle complained = memory_file("stderr");
  const FileHandle told = command.input ? filled_memory_file("stdin", {*command.input}) : FileHandle();
  if (!printed || !complained || (command.input && !told)) return no_room(program);
  const auto status =
      run(command, {command.input ? told.get() : STDIN_FILENO, printed.get(), complained.get()});
  if (!status) return status.error();
  auto stdout_text = content_of(printed, program);
  if (!stdout_text) return stdout_text.error();
  auto stderr_text = content_of(complained, program);
  if (!stderr_text) return stderr_text.error();
  return Finished{*status, std::move(*stdout_text), std::move(*stderr_text)};
}

graph::Result<Finished> run_kept(const Command& command, bool shown) {
  Finished finished;
  Drain printed([&](std::string_view text) {
    finished.stdout_text += text;
    if (shown) print_stdout(std::string(text));
  });
  if (!printed.is_open()) return no_room(name_of(command));
  const auto status = run(command, {.stdout_fd = printed.descriptor()});
  printed.finish();
  if (!status) return status.error();
  finished.status = *status;
  return finished;
}

graph::Result<int> run_passed_on(const Command& command) {
  return run(command, {});
}

}  // namespace runner

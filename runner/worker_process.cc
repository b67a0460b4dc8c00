#include "runner/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runner/child_processes.h"
#include "runner/python_environment.h"

namespace runner {
namespace {

struct WorkerModule {
  std::string_view name;
  std::string_view source;
};

#include "runner/worker_source.inc"

// Where the worker finds its end of the socket.
constexpr int kWorkerFd = 3;

// The module whose text is given to `python -c`; it installs the others, which follow as the first frame.
constexpr std::string_view kBootstrapModule = "typewave_worker.bootstrap";

std::string bootstrap() {
  for (const WorkerModule& module : kWorkerModules) {
    if (module.name == kBootstrapModule) return std::string(module.source);
  }
  INVARIANT(false, "the worker's bootstrap is embedded");
  return {};
}

graph::Result<bool> send_code(int fd) {
  nlohmann::json names = nlohmann::json::array();
  std::vector<std::string_view> sources;
  for (const WorkerModule& module : kWorkerModules) {
    if (module.name == kBootstrapModule) continue;
    names.push_back(module.name);
    sources.push_back(module.source);
  }
  return write_frame(fd, {{"do", "code"}, {"modules", std::move(names)}}, sources);
}

int spawn(const std::string& python, int worker_end, pid_t& pid) {
  std::vector<std::string> arguments = {python, "-c", bootstrap(), std::to_string(kWorkerFd)};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  PythonEnvironment environment;

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, worker_end, kWorkerFd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  const int error =
      posix_spawnp(&pid, python.c_str(), &actions, &attributes, argv.data(), environment.pointers());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

graph::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& python) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return graph::Error{std::string("cannot make a socket for a worker: ") + std::strerror(errno)};
  }
  // dup2 onto itself would leave close-on-exec set.
  if (ends[1] == kWorkerFd) {
    const int moved = ::fcntl(ends[1], F_DUPFD_CLOEXEC, kWorkerFd + 1);
    ::close(ends[1]);
    ends[1] = moved;
  }
  pid_t pid = 0;
  const int error = spawn(python, ends[1], pid);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return graph::Error{"cannot start " + python + ": " + std::strerror(error)};
  }
  if (!note_child(-pid)) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ::close(ends[0]);
    return graph::Error{"too many workers at once", "use a smaller --jobs"};
  }
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(pid, ends[0]));
  if (auto sent = send_code(ends[0]); !sent) return sent.error();
  return worker;
}

WorkerProcess::~WorkerProcess() {
  ::close(fd_);
  ::kill(-pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  forget_child(-pid_);
}

const graph::Digest& WorkerProcess::source_digest() {
  static const graph::Digest digest = [] {
    graph::DigestBuilder builder;
    for (const WorkerModule& module : kWorkerModules) builder.field(module.name, module.source);
    return builder.finish();
  }();
  return digest;
}

graph::Result<bool> WorkerProcess::send(nlohmann::json header, const std::vector<std::string_view>& blobs) {
  waiting_.erase(0, std::exchange(sent_, 0));
  append_frame(waiting_, std::move(header), blobs);
  if (!send_waiting()) return worker_is_gone();
  return true;
}

graph::Result<bool> WorkerProcess::drain() {
  while (!waiting_.empty()) {
    pollfd poll{fd_, POLLOUT, 0};
    if (::poll(&poll, 1, -1) < 0 && errno != EINTR) return worker_is_gone();
    if (!send_waiting()) return worker_is_gone();
  }
  return true;
}

graph::Result<WorkerFrame> WorkerProcess::receive() {
  while (!waiting_.empty()) {
    pollfd poll{fd_, POLLIN | POLLOUT, 0};
    if (::poll(&poll, 1, -1) < 0 && errno != EINTR) return worker_is_gone();
    if ((poll.revents & POLLIN) != 0) break;
    if (!send_waiting()) return worker_is_gone();
  }
  // A worker writes a frame to its end before it reads again, so there is nothing to send meanwhile.
  return read_frame(fd_);
}

bool WorkerProcess::send_waiting() {
  while (sent_ < waiting_.size()) {
    const ssize_t count =
        ::send(fd_, waiting_.data() + sent_, waiting_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (count <= 0) return false;
    sent_ += static_cast<std::size_t>(count);
  }
  waiting_.clear();
  sent_ = 0;
  return true;
}

graph::Result<WorkerFrame> WorkerProcess::ask(nlohmann::json header) {
  if (auto sent = send(std::move(header)); !sent) return sent.error();
  return receive();
}

}  // namespace runner

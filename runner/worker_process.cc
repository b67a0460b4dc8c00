#include "runner/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "runner/child_processes.h"
#include "runner/file_size_limit.h"
#include "runner/guard.h"
#include "runner/life_line.h"
#include "runner/machine.h"
#include "runner/python_environment.h"

namespace runner {
namespace {

struct WorkerModule {
  std::string_view name;
  std::string_view source;
};

// For one version of Python: `code` is a marshalled dictionary of code objects by module.
struct CompiledWorker {
  std::string_view magic;
  std::string_view code;
};

#include "runner/worker_code.inc"
#include "runner/worker_source.inc"

// Where the worker finds its end of the socket, and the end of a pipe that nobody writes to.
constexpr int kWorkerFd = 3;
constexpr int kLifeLineFd = 4;
// How often a silent worker is looked after: one that died leaves its socket open if a plugin's child has it.
constexpr std::chrono::milliseconds kLook{250};
constexpr std::chrono::milliseconds kEndPatience{2000};
// Importing mypy and its plugins is not part of a component's check.
constexpr std::chrono::seconds kStartPatience{30};

// The module whose text is given to `python -c`; it installs the others, which follow as the first frame.
constexpr std::string_view kBootstrapModule = "typewave_worker.bootstrap";

std::string bootstrap() {
  for (const WorkerModule& module : kWorkerModules) {
    if (module.name == kBootstrapModule) return std::string(module.source);
  }
  INVARIANT(false, "the worker's bootstrap is embedded");
  return {};
}

// The bootstrap takes no files.
OutgoingFrame code_frame() {
  nlohmann::json names = nlohmann::json::array();
  std::vector<std::string_view> blobs;
  for (const WorkerModule& module : kWorkerModules) {
    if (module.name == kBootstrapModule) continue;
    names.push_back(module.name);
    blobs.push_back(module.source);
  }
  nlohmann::json magics = nlohmann::json::array();
  for (const CompiledWorker& compiled : kCompiledWorkers) {
    magics.push_back(compiled.magic);
    blobs.push_back(compiled.code);
  }
  return outgoing_frame({{"do", "code"}, {"modules", std::move(names)}, {"compiled", std::move(magics)}},
                        blobs, PayloadPlace::kInFrame);
}

// What the worker's process gets from here.
struct WorkerEnds {
  FileHandle& socket;
  FileHandle& life_line;
};

// dup2 onto itself would leave close-on-exec set, and onto the other's place would close it.
void move_away(FileHandle& handle) {
  if (handle.get() == kWorkerFd || handle.get() == kLifeLineFd) {
    handle = FileHandle(::fcntl(handle.get(), F_DUPFD_CLOEXEC, kLifeLineFd + 1));
  }
}

// Gives what posix_spawn() gives.
int spawn(std::vector<std::string> words, const WorkerEnds& ends, pid_t& pid) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  PythonEnvironment environment;

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends.socket.get(), kWorkerFd);
  posix_spawn_file_actions_adddup2(&actions, ends.life_line.get(), kLifeLineFd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
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

graph::Error no_descriptors() {
  return {std::string("cannot make a socket for a worker: ") + std::strerror(errno),
          "raise the limit of open files (ulimit -n), or use a smaller --jobs"};
}

}  // namespace

graph::Error cannot_start(const std::string& program, int error_number) {
  const bool too_many = error_number == EAGAIN || error_number == ENOMEM;
  return {"cannot start " + program + ": " + std::strerror(error_number), too_many ? kMoreProcesses : ""};
}

graph::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& python,
                                                                   Patience patience) {
  int sockets[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return no_descriptors();
  FileHandle socket(sockets[0]);
  FileHandle theirs(sockets[1]);
  auto life_line = LifeLine::make();
  if (!life_line) return life_line.error();
  const WorkerEnds ends{theirs, life_line->theirs};
  move_away(ends.socket);
  move_away(ends.life_line);
  if (ends.socket.get() < 0 || ends.life_line.get() < 0) return no_descriptors();
  const std::uint64_t out_of_memory = out_of_memory_kills();
  const std::vector<std::string> words = {python, "-c", bootstrap(), std::to_string(kWorkerFd)};
  pid_t child = 0;
  const bool is_guarded = spawn(guarded(words, kLifeLineFd, kWorkerFd), ends, child) == 0;
  if (!is_guarded) {
    if (const int error = spawn(words, ends, child); error != 0) return cannot_start(python, error);
    life_line->tie(-child);
  }
  std::unique_ptr<WorkerProcess> worker(
      new WorkerProcess(child, is_guarded, std::move(socket), std::move(life_line->ours), patience));
  worker->out_of_memory_before_ = out_of_memory;
  if (!note_child(-child)) return graph::Error{"too many workers at once", "use a smaller --jobs"};
  if (auto sent = worker->send(code_frame()); !sent) return sent.error();
  return worker;
}

void WorkerProcess::kill() {
  ::kill(-child_, SIGKILL);
}

WorkerProcess::~WorkerProcess() {
  kill();
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  // Without its guard it is ours. A plugin may have moved it out of the group. What it held in memory is free
  // when it is reaped.
  if (python_ != 0 && python_ != child_ && ::waitpid(python_, nullptr, WNOHANG) == 0) {
    ::kill(python_, SIGKILL);
    while (::waitpid(python_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  forget_child(-child_);
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
  return send(outgoing_frame(std::move(header), blobs, PayloadPlace::kBesideIfLarge));
}

graph::Result<bool> WorkerProcess::send(OutgoingFrame frame) {
  waiting_.push_back(std::move(frame));
  if (!send_waiting()) return describe_end();
  return true;
}

graph::Result<bool> WorkerProcess::drain() {
  const auto end = std::chrono::steady_clock::now() + patience_.value_or(kUsualPatience);
  while (!waiting_.empty()) {
    pollfd poll{socket_.get(), POLLOUT, 0};
    const int ready = ::poll(&poll, 1, static_cast<int>(kLook.count()));
    if ((ready < 0 && errno != EINTR) || has_ended()) return describe_end();
    if (ready > 0 && !send_waiting()) return describe_end();
    timed_out_ = ready == 0 && std::chrono::steady_clock::now() >= end;
    if (timed_out_) return describe_end();
  }
  return true;
}

graph::Result<WorkerFrame> WorkerProcess::receive() {
  if (!patience_) return receive(std::nullopt);
  return receive(std::chrono::steady_clock::now() + *patience_);
}

graph::Result<WorkerFrame> WorkerProcess::receive(std::optional<std::chrono::steady_clock::time_point> end) {
  if (python_ == 0 && !learn_pid(end)) return describe_end();
  bool gone = false;
  auto frame = read_frame(socket_.get(), [&] { return !(gone = !await_bytes(end)); });
  if (frame && frame->header.value("did", "") == "ended") {
    return graph::Error{"its worker ended: " + frame->header.value("text", "")};
  }
  if (frame) return frame;
  char next = 0;
  gone = gone || ::recv(socket_.get(), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  return gone ? describe_end() : frame;
}

bool WorkerProcess::await_bytes(std::optional<std::chrono::steady_clock::time_point> end) {
  bool late = false;
  for (bool last_look = false;;) {
    pollfd poll{socket_.get(), POLLIN, 0};
    if (!waiting_.empty()) poll.events |= POLLOUT;
    const int ready = ::poll(&poll, 1, last_look ? 0 : static_cast<int>(kLook.count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && (poll.revents & (POLLIN | POLLHUP | POLLERR)) != 0) return true;
    if (ready > 0 && (poll.revents & POLLOUT) != 0 && !send_waiting()) return false;
    if (ready != 0) continue;
    if (last_look) {
      timed_out_ = late;
      return false;
    }
    // What it wrote before its end is read first; the same goes for one that answered while we were stopped.
    late = end && std::chrono::steady_clock::now() >= *end;
    last_look = late || has_ended();
  }
}

bool WorkerProcess::learn_pid(std::optional<std::chrono::steady_clock::time_point> end) {
  return await_bytes(end) && ::recv(socket_.get(), &python_, sizeof(python_), MSG_WAITALL) == sizeof(python_);
}

bool WorkerProcess::has_ended() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child_;
}

graph::Error WorkerProcess::describe_end() const {
  if (timed_out_) return {"its worker gave no answer in time"};
  siginfo_t info{};
  const auto end = std::chrono::steady_clock::now() + kEndPatience;
  do {
    if (::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) break;
    if (info.si_pid == child_) {
      // The guard cannot say more than this.
      if (python_ != child_ && info.si_code == CLD_EXITED && info.si_status == kCannotStart) {
        return {"its worker cannot be started, or exited with status " + std::to_string(kCannotStart)};
      }
      graph::Error error{"its worker " + text_of_end(info.si_code, info.si_status)};
      if (info.si_status == SIGKILL && out_of_memory_kills() > out_of_memory_before_) {
        error.message += " because memory ran out";
      }
      return error;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  } while (std::chrono::steady_clock::now() < end);
  return {"its worker closed the connection"};
}

bool WorkerProcess::send_waiting() {
  while (!waiting_.empty()) {
    const ssize_t count = send_some(waiting_.front());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (count <= 0) return false;
    sent_ += static_cast<std::size_t>(count);
    if (sent_ < waiting_.front().bytes.size()) continue;
    waiting_.pop_front();
    sent_ = 0;
  }
  return true;
}

ssize_t WorkerProcess::send_some(const OutgoingFrame& frame) {
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  iovec rest{const_cast<char*>(frame.bytes.data()) + sent_, frame.bytes.size() - sent_};
  if (!frame.payload || sent_ > 0) return ::send(socket_.get(), rest.iov_base, rest.iov_len, kFlags);
  const int payload = frame.payload.get();
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(payload))] = {};
  msghdr message{};
  message.msg_iov = &rest;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* passed = CMSG_FIRSTHDR(&message);
  passed->cmsg_level = SOL_SOCKET;
  passed->cmsg_type = SCM_RIGHTS;
  passed->cmsg_len = CMSG_LEN(sizeof(payload));
  std::memcpy(CMSG_DATA(passed), &payload, sizeof(payload));
  return ::sendmsg(socket_.get(), &message, kFlags);
}

graph::Result<WorkerFrame> WorkerProcess::ask(nlohmann::json header,
                                              const std::vector<std::string_view>& blobs) {
  if (auto sent = send(std::move(header), blobs); !sent) return sent.error();
  return receive();
}

Patience patience_for(const std::optional<std::chrono::seconds>& timeout, std::size_t modules) {
  if (!timeout) return kUsualPatience + std::chrono::seconds(modules);
  if (timeout->count() == 0) return std::nullopt;
  return modules == 0 ? *timeout + kStartPatience : *timeout;
}

std::string text_of_end(int code, int status) {
  if (code == CLD_EXITED) return "exited with status " + std::to_string(status);
  const char* name = ::sigdescr_np(status);
  return "was killed by signal " + std::to_string(status) + (name ? " (" + std::string(name) + ")" : "");
}

}  // namespace runner

// A Python process that holds mypy, started with our worker's source and spoken to over a socket.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"
#include "graph/result.h"
#include "runner/file_handle.h"
#include "runner/worker_frame.h"

namespace runner {

// How long a worker may be silent when it was asked; nothing: for ever.
using Patience = std::optional<std::chrono::seconds>;
inline constexpr std::chrono::seconds kUsualPatience{600};
// With the check of so many modules, or (none) with a worker that starts. Zero stands for ever, nothing for
// the usual.
Patience patience_for(const std::optional<std::chrono::seconds>& timeout, std::size_t modules);

// What to do where a process or a thread cannot be started.
inline constexpr const char* kMoreProcesses =
    "raise the limit of processes (ulimit -u) or of memory, or use a smaller --jobs";
// `error_number`: of posix_spawn.
graph::Error cannot_start(const std::string& program, int error_number);

class WorkerProcess {
 public:
  // Starts `python` (an executable) and its guard in a process group of their own, so that Ctrl-C at the
  // terminal reaches typewave alone. When typewave ends, however that happens, the guard ends the worker with
  // all it has started.
  static graph::Result<std::unique_ptr<WorkerProcess>> start(const std::string& python,
                                                             Patience patience = kUsualPatience);
  // Kills what is left of the process group and reaps the process.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Only kills: it takes nothing more and answers nothing more.
  void kill();

  // Never waits for the worker: what it does not take at once goes out while an answer is awaited. A worker
  // that is still answering reads nothing, so both could wait for ever.
  graph::Result<bool> send(nlohmann::json header, const std::vector<std::string_view>& blobs = {});
  // Waits until the worker has taken everything; only while it has nothing to answer. As patient as it was
  // started with.
  graph::Result<bool> drain();
  // Fails when the process is gone or stays silent until `end`; the message says how it ended.
  graph::Result<WorkerFrame> receive(std::optional<std::chrono::steady_clock::time_point> end);
  // The same, as patient as the worker was started with.
  graph::Result<WorkerFrame> receive();
  // Sends one request and waits for its answer.
  graph::Result<WorkerFrame> ask(nlohmann::json header, const std::vector<std::string_view>& blobs = {});

  // The process that holds mypy; 0 as long as nothing was received.
  pid_t pid() const { return python_; }
  // It was silent for too long.
  bool timed_out() const { return timed_out_; }

  // Digest of the worker's own source: whatever it answers depends on it.
  static const graph::Digest& source_digest();

 private:
  WorkerProcess(pid_t child, bool guarded, FileHandle socket, FileHandle life_line, Patience patience)
      : child_(child),
        python_(guarded ? 0 : child),
        socket_(std::move(socket)),
        life_line_(std::move(life_line)),
        patience_(patience) {}

  // False when the worker is gone.
  bool send_waiting();
  // What send() gives, for what is left of a frame.
  ssize_t send_some(const OutgoingFrame& frame);
  graph::Result<bool> send(OutgoingFrame frame);
  // Until there is something to read; false when there will be nothing or it takes too long.
  bool await_bytes(std::optional<std::chrono::steady_clock::time_point> end);
  bool has_ended() const;
  // The first thing that comes; false when nothing does.
  bool learn_pid(std::optional<std::chrono::steady_clock::time_point> end);
  // Waits a moment for the end of a process that closed its socket, and says how it ended.
  graph::Error describe_end() const;

  pid_t child_;   // the guard, or Python where no guard can be started; leads the process group
  pid_t python_;  // 0 as long as it is not known
  FileHandle socket_;
  FileHandle life_line_;
  Patience patience_;
  std::deque<OutgoingFrame> waiting_;
  std::size_t sent_ = 0;  // bytes of the first
  bool timed_out_ = false;
  std::uint64_t out_of_memory_before_ = 0;
};

// "killed by signal 11 (Segmentation fault)", "exited with status 3", from what waitid() reports.
std::string text_of_end(int code, int status);

}  // namespace runner

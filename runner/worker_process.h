// A Python process that holds mypy, started with our worker's source and spoken to over a socket.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"
#include "graph/result.h"
#include "runner/worker_frame.h"

namespace runner {

class WorkerProcess {
 public:
  // Starts `python` (an executable) in its own process group, so that Ctrl-C at the terminal reaches typewave
  // alone.
  static graph::Result<std::unique_ptr<WorkerProcess>> start(const std::string& python);
  // Kills what is left of the process group and reaps the process.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Never waits for the worker: what it does not take at once goes out while an answer is awaited. A worker
  // that is still answering reads nothing, so both could wait for ever.
  graph::Result<bool> send(nlohmann::json header, const std::vector<std::string_view>& blobs = {});
  // Waits until the worker has taken everything; only while it has nothing to answer.
  graph::Result<bool> drain();
  graph::Result<WorkerFrame> receive();
  // Sends one request and waits for its answer.
  graph::Result<WorkerFrame> ask(nlohmann::json header);

  pid_t pid() const { return pid_; }

  // Digest of the worker's own source: whatever it answers depends on it.
  static const graph::Digest& source_digest();

 private:
  WorkerProcess(pid_t pid, int fd) : pid_(pid), fd_(fd) {}

  // False when the worker is gone.
  bool send_waiting();

  pid_t pid_;
  int fd_;
  std::string waiting_;   // bytes to send
  std::size_t sent_ = 0;  // of those in waiting_
};

}  // namespace runner

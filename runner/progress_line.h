// One line on a terminal's standard error that tells how far a run is.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include "scheduler/progress.h"

namespace runner {

struct ProgressCounts {
  std::size_t total = 0;  // components of the run
  std::size_t reused = 0;
  std::size_t finished = 0;  // checked or failed
  std::size_t running = 0;
  double elapsed = 0;  // seconds
};

// The text of the line, without control characters.
std::string progress_text(const ProgressCounts& counts);

class ProgressLine final : public scheduler::Progress {
 public:
  // Paints only when `terminal`; `reused` components were decided before the run.
  ProgressLine(bool terminal, std::size_t total, std::size_t reused);
  ~ProgressLine() override;

  void on_decided(graph::ComponentId id, bool reused) noexcept override;
  void on_started(std::span<const graph::ComponentId> batch) noexcept override;
  void on_finished(graph::ComponentId id) noexcept override;

  // Erases the line; nothing is painted afterwards.
  void stop();

 private:
  void paint_until_stopped();
  ProgressCounts counts() const;

  const bool terminal_;
  const std::size_t total_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<std::size_t> reused_;
  std::atomic<std::size_t> started_{0};
  std::atomic<std::size_t> finished_{0};
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  bool stopped_ = false;
  std::thread painter_;
};

// Takes the line away, whatever paints it, and lets none appear again. Never blocks.
void erase_progress();

inline constexpr char kEraseLine[] = "\r\033[K";

}  // namespace runner

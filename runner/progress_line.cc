#include "runner/progress_line.h"

#include <unistd.h>

#include <cstdio>

namespace runner {
namespace {

constexpr std::chrono::milliseconds kFirstPaint{300};
constexpr std::chrono::milliseconds kRepaint{120};

// Whether a line stands on the terminal, and whether it may: painters and a signal's thread meet here.
std::mutex painting;
bool painted = false;
bool erased_for_good = false;

void paint(const std::string& text) {
  const std::lock_guard lock(painting);
  if (erased_for_good) return;
  painted = text != kEraseLine;
  // A terminal that does not take the line is no reason to stop.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

std::string progress_text(const ProgressCounts& counts) {
  char text[160];
  const std::size_t done = counts.reused + counts.finished;
  int length = std::snprintf(text, sizeof(text), "%zu/%zu components, %zu running, %zu reused, %.0f s", done,
                             counts.total, counts.running, counts.reused, counts.elapsed);
  std::string line(text, static_cast<std::size_t>(length));
  // Too early, an estimate is a guess.
  if (counts.finished >= 20 && counts.elapsed > 2 && done < counts.total) {
    const double rate = static_cast<double>(counts.finished) / counts.elapsed;
    length = std::snprintf(text, sizeof(text), ", about %.0f s left",
                           static_cast<double>(counts.total - done) / rate);
    line.append(text, static_cast<std::size_t>(length));
  }
  return line;
}

void erase_progress() {
  // A painter that the terminal holds up keeps the lock: then there is nobody to show a clean line to.
  std::unique_lock lock(painting, std::try_to_lock);
  if (!lock) return;
  erased_for_good = true;
  if (!painted) return;
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kEraseLine, sizeof(kEraseLine) - 1);
}

ProgressLine::ProgressLine(bool terminal, std::size_t total, std::size_t reused)
    : terminal_(terminal), total_(total), reused_(reused) {
  if (terminal_) painter_ = std::thread([this] { paint_until_stopped(); });
}

ProgressLine::~ProgressLine() {
  stop();
}

void ProgressLine::on_decided(graph::ComponentId, bool reused) noexcept {
  if (reused) reused_.fetch_add(1, std::memory_order_relaxed);
}

void ProgressLine::on_started(std::span<const graph::ComponentId> batch) noexcept {
  started_.fetch_add(batch.size(), std::memory_order_relaxed);
}

void ProgressLine::on_finished(graph::ComponentId) noexcept {
  finished_.fetch_add(1, std::memory_order_relaxed);
}

void ProgressLine::stop() {
  if (!painter_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopped_changed_.notify_all();
  painter_.join();
}

ProgressCounts ProgressLine::counts() const {
  ProgressCounts counts;
  counts.total = total_;
  counts.reused = reused_.load(std::memory_order_relaxed);
  counts.finished = finished_.load(std::memory_order_relaxed);
  counts.running = started_.load(std::memory_order_relaxed) - counts.finished;
  counts.elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  return counts;
}

void ProgressLine::paint_until_stopped() {
  std::unique_lock lock(mutex_);
  // A run that is over at once should not flicker.
  if (stopped_changed_.wait_for(lock, kFirstPaint, [this] { return stopped_; })) return;
  do {
    paint(kEraseLine + progress_text(counts()));
  } while (!stopped_changed_.wait_for(lock, kRepaint, [this] { return stopped_; }));
  paint(kEraseLine);
}

}  // namespace runner

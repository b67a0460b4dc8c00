// The numbers below a count, worked on by several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>

namespace graph {

class SharedRange {
 public:
  struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // `step`: how many numbers a thread takes at a time.
  SharedRange(std::size_t count, std::size_t step) : count_(count), step_(step) {}

  // The next numbers that nobody has taken; nothing when all are.
  std::optional<Piece> take();

  // Runs `work`, which takes pieces, on this thread and as many others as make `threads`, as far as there are
  // pieces for them; all have ended when it returns.
  void run(std::size_t threads, const std::function<void()>& work);

 private:
  std::size_t count_;
  std::size_t step_;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace graph

#include "graph/shared_range.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

namespace graph {

std::optional<SharedRange::Piece> SharedRange::take() {
  const std::size_t begin = next_.fetch_add(step_);
  if (begin >= count_) return std::nullopt;
  return Piece{begin, std::min(begin + step_, count_)};
}

void SharedRange::run(std::size_t threads, const std::function<void()>& work) {
  std::vector<std::jthread> helpers;
  try {
    for (std::size_t i = 1; i < threads && i * step_ < count_; ++i) helpers.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads to be had: those there are do all the work.
  }
  work();
}

}  // namespace graph

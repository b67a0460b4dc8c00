// Records what ran when, for chrome://tracing and Perfetto (the Trace Event Format).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

class TraceLog {
 public:
  using Clock = std::chrono::steady_clock;
  // What a span has to say besides its times: lists of texts by name.
  using Details = std::map<std::string, std::vector<std::string>>;

  // One span on a track; track 0 is typewave itself, the others are its workers. Thread-safe.
  void span(std::string name, std::string_view category, std::uint32_t track, Clock::time_point start,
            Clock::time_point end, Details details = {});
  // The whole trace as JSON.
  std::string json() const;
  graph::Result<bool> write(const std::string& path) const;

 private:
  struct Span {
    std::string name;
    std::string category;
    std::uint32_t track;
    std::int64_t start_us;
    std::int64_t duration_us;
    Details details;
  };

  const Clock::time_point origin_ = Clock::now();
  mutable std::mutex mutex_;
  std::vector<Span> spans_;
};

}  // namespace runner

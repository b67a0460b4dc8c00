#include "runner/trace_log.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace runner {

void TraceLog::span(std::string name, std::string_view category, std::uint32_t track, Clock::time_point start,
                    Clock::time_point end, Details details) {
  const auto microseconds = [](Clock::duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  };
  const std::lock_guard lock(mutex_);
  spans_.push_back({std::move(name), std::string(category), track, microseconds(start - origin_),
                    microseconds(end - start), std::move(details)});
}

std::string TraceLog::json() const {
  const std::lock_guard lock(mutex_);
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  std::set<std::uint32_t> tracks;
  for (const Span& span : spans_) {
    tracks.insert(span.track);
    events.push_back({{"name", span.name},
                      {"cat", span.category},
                      {"ph", "X"},
                      {"ts", span.start_us},
                      {"dur", span.duration_us},
                      {"pid", 1},
                      {"tid", span.track}});
    if (!span.details.empty()) events.back()["args"] = span.details;
  }
  for (const std::uint32_t track : tracks) {
    const std::string name = track == 0 ? "typewave" : "worker " + std::to_string(track);
    events.push_back(
        {{"name", "thread_name"}, {"ph", "M"}, {"pid", 1}, {"tid", track}, {"args", {{"name", name}}}});
  }
  const nlohmann::ordered_json document = {{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}};
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

graph::Result<bool> TraceLog::write(const std::string& path) const {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << json();
  file.flush();
  if (!file) {
    return graph::Error{"cannot write " + path + ": " + std::strerror(errno),
                        "give --trace a path that can be written"};
  }
  return true;
}

}  // namespace runner

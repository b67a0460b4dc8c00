// What a run tells about itself: --summary-json for programs, --stats for people.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/pack_store.h"

namespace runner {

// Seconds of wall time.
struct StageSeconds {
  double total = 0;
  double probe = 0;
  double scan = 0;  // sources, scan, resolution, graph, components
  double plan = 0;  // keys, look-ups, decisions
  double check = 0;
};

// What --verify found.
enum class Verification {
  kNotAsked,
  kNothing,  // there was no answer of typewave's own to compare
  kSame,
  kDifferent,
};

// Of a run about a change.
struct ChangeReport {
  std::string base;                         // the commit it was compared with, if any
  std::string everything;                   // why everything was checked; empty otherwise
  std::vector<std::string> changed_files;   // of the modules there are or were, sorted
  std::vector<std::string> reported_files;  // whose diagnostics the answer holds, sorted
  std::size_t components = 0;               // those files belong to, with those that are only followed
};

struct RunReport {
  std::string mypy_version;
  int exit_code = 0;
  std::size_t own_modules = 0;
  std::size_t followed_modules = 0;
  std::size_t components = 0;
  std::size_t waves = 0;
  std::size_t reused = 0;
  std::size_t checked = 0;
  std::size_t failed = 0;
  std::vector<std::string> checked_modules;  // sorted
  StoreCounters store;
  std::size_t scan_mismatches = 0;
  std::size_t workers = 0;
  std::size_t workers_replaced = 0;
  StageSeconds seconds;
  Verification verification = Verification::kNotAsked;
  std::optional<ChangeReport> change;
  double cpu_seconds_checked = 0;  // of mypy, summed over the components checked
  double cpu_seconds_saved = 0;    // of mypy, when the reused components were checked
};

// The document of --summary-json, format 1.
std::string report_json(const RunReport& report);
graph::Result<bool> write_report_json(const RunReport& report, const std::string& path);
// "checked 3 of 736 components, reached from 1 changed file, 0.4 s": the last line of a run about a change.
std::string change_line(const ChangeReport& change, std::size_t components, double seconds);
// A readable summary, several lines.
std::string report_text(const RunReport& report);

// Wall time since its making or last lap.
class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace runner

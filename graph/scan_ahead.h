// Scans files on a thread of its own while it is still being found out which files there are.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "graph/fresh_scan.h"

namespace graph {

class ScanAhead {
 public:
  // Guesses that files will be asked for with this target. Does nothing where `memory`, which may be null,
  // knows of files: recalling them is quicker.
  ScanAhead(ScanTarget target, ScanMemory* memory);
  ~ScanAhead() { stop(); }
  ScanAhead(const ScanAhead&) = delete;
  ScanAhead& operator=(const ScanAhead&) = delete;

  void add(const std::string& path);
  // Leaves it at what is scanned by now.
  void stop();
  // Afterwards: what was found out of a file; null if nothing. May be moved from.
  FreshScan* find(const std::string& path, const ScanTarget& target);

 private:
  void run();

  const ScanTarget target_;
  ScanMemory* const memory_;
  std::mutex mutex_;  // guards the next two
  std::vector<std::string> waiting_;
  bool stopped_ = false;
  std::condition_variable changed_;
  std::unordered_map<std::string, FreshScan> done_;  // the thread's, while it runs
  std::thread thread_;
};

}  // namespace graph

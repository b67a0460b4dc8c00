// Reads, digests and scans source files on several threads, each file once for each target.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/disk_observations.h"
#include "graph/graph_loader.h"
#include "graph/scan_ahead.h"
#include "graph/scan_memory.h"

namespace graph {

class ParallelFileScanner final : public FileScanner {
 public:
  // `memory` may be null. At least one thread is used.
  ParallelFileScanner(unsigned threads, ScanMemory* memory);

  std::vector<const ScannedFile*> scan(std::span<const ScanRequest> requests) override;
  const ScannedFile* scan_text(std::string_view text, const ScanTarget& target) override;

  // Begins with a file that will probably be asked for with this target, until the first is. All have the
  // target of the first of them.
  void anticipate(const std::string& path, const ScanTarget& target);

  // Adds the files that were read so far, or recalled in place of reading.
  void add_to(DiskObservations& observations) const;

 private:
  struct Job {
    const std::string* path = nullptr;
    const ScanTarget* target = nullptr;
    ScannedFile* file = nullptr;
    FileStat stat;
    bool worth_remembering = false;
    bool done = false;
  };
  // The files of one target by path.
  struct Known {
    ScanTarget target;
    std::unordered_map<std::string, ScannedFile*> files;
  };

  Known& known_for(const ScanTarget& target);
  void run(std::span<Job> jobs) const;
  void run_one(Job& job) const;
  void take_ahead(Job& job);
  static void fill(Job& job, FreshScan fresh);

  unsigned threads_;
  ScanMemory* memory_;
  std::unique_ptr<ScanAhead> ahead_;
  std::deque<Known> known_;
  std::deque<ScannedFile> files_;
  std::vector<SeenFile> seen_;
  bool complete_ = true;  // nothing was unreadable
};

}  // namespace graph

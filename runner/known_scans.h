// The scans of the files of a known graph, looked up when somebody asks.
#pragma once

#include <deque>
#include <mutex>
#include <unordered_map>

#include "graph/build_options.h"
#include "graph/module_graph.h"
#include "runner/stat_cache.h"

namespace runner {

class KnownScans final : public graph::ScanSource {
 public:
  // The references must outlive it; the graph has its modules by now.
  KnownScans(const graph::ModuleGraph& graph, const graph::BuildOptions& build, StatCache& memory)
      : graph_(graph), build_(build), memory_(memory) {}

  // Of a file that the stat cache does not have, from its source: should that have changed, the run will
  // notice.
  const graph::ImportScan& scan_of(const graph::ScannedFile& file) override;

 private:
  graph::ImportScan find(const graph::ScannedFile& file, const graph::Module& module) const;

  const graph::ModuleGraph& graph_;
  const graph::BuildOptions& build_;
  StatCache& memory_;
  std::mutex mutex_;  // guards what follows
  std::unordered_map<const graph::ScannedFile*, const graph::Module*> modules_;
  std::unordered_map<const graph::ScannedFile*, const graph::ImportScan*> known_;
  std::deque<graph::ImportScan> scans_;
};

}  // namespace runner

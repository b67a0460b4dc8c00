// The scans of the modules of a run: with which target each is made, and which word counts in doubt.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "graph/build_options.h"
#include "graph/graph_loader.h"
#include "graph/import_scanner.h"

namespace graph {

// The target that files of modules with these options are scanned for.
ScanTarget scan_target(const BuildOptions& build, const EffectiveOptions& options);

class ModuleScans {
 public:
  explicit ModuleScans(const LoadInputs& inputs) : inputs_(inputs) {}

  // The target of modules with these options; equal targets are one object.
  const ScanTarget& target_of(const EffectiveOptions& options);
  // The scan that counts for a readable file: its own, or the arbiter's where the scanner has doubts. Null
  // where mypy would report a blocking error.
  const ImportScan* settle(const ScannedFile& file, const std::string& path, const ScanTarget& target);
  // The same for the text of -c, which no arbiter can read.
  const ImportScan* settle_text(const ScannedFile& file) { return file.scan.sure ? &file.scan : nullptr; }

 private:
  const LoadInputs& inputs_;
  std::deque<ScanTarget> targets_;
  std::unordered_map<const EffectiveOptions*, const ScanTarget*> target_by_options_;
  std::deque<ImportScan> arbitrated_;
};

}  // namespace graph

#include "graph/module_scans.h"

#include <algorithm>
#include <utility>

namespace graph {

ScanTarget scan_target(const BuildOptions& build, const EffectiveOptions& options) {
  return {.python_major = build.python_major,
          .python_minor = build.python_minor,
          .platform = build.platform,
          .always_true = options.options.always_true,
          .always_false = options.options.always_false};
}

const ScanTarget& ModuleScans::target_of(const EffectiveOptions& options) {
  const ScanTarget*& target = target_by_options_[&options];
  if (target != nullptr) return *target;
  ScanTarget wanted = scan_target(inputs_.options, options);
  const auto same = std::find(targets_.begin(), targets_.end(), wanted);
  target = same != targets_.end() ? &*same : &targets_.emplace_back(std::move(wanted));
  return *target;
}

const ImportScan* ModuleScans::settle(const ScannedFile& file, const std::string& path,
                                      const ScanTarget& target) {
  if (file.scan.sure) return &file.scan;
  std::optional<ImportScan> verdict;
  if (inputs_.arbiter) verdict = inputs_.arbiter(path, target);
  return verdict ? &arbitrated_.emplace_back(std::move(*verdict)) : nullptr;
}

}  // namespace graph

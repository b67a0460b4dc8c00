#include "runner/known_scans.h"

#include "graph/module_scans.h"
#include "graph/regular_file.h"
#include "graph/result.h"

namespace runner {

const graph::ImportScan& KnownScans::scan_of(const graph::ScannedFile& file) {
  const std::lock_guard lock(mutex_);
  if (modules_.empty()) {
    for (const graph::Module& module : graph_.modules) {
      if (module.file != nullptr) modules_.emplace(module.file, &module);
    }
  }
  const graph::ImportScan*& known = known_[&file];
  if (known != nullptr) return *known;
  const auto module = modules_.find(&file);
  INVARIANT(module != modules_.end(), "a known file is that of a module");
  known = &scans_.emplace_back(find(file, *module->second));
  return *known;
}

graph::ImportScan KnownScans::find(const graph::ScannedFile& file, const graph::Module& module) const {
  const graph::ScanTarget target = graph::scan_target(build_, *module.options);
  if (auto scan = memory_.known_scan(module.path, target, file.digest)) return std::move(*scan);
  const graph::FileRead read = graph::read_file(module.path);
  return graph::scan_imports(read.text, target);
}

}  // namespace runner

#include "runner/line_numbers.h"

#include <algorithm>
#include <unordered_map>

namespace runner {
namespace {

bool is_line_free(const scheduler::ComponentRecord& record) {
  return record.outcome && std::all_of(record.outcome->modules.begin(), record.outcome->modules.end(),
                                       [](const scheduler::ModuleOutcome& module) {
                                         return module.diagnostics.empty() && !module.mentions_lines;
                                       });
}

}  // namespace

bool mentions_lines(std::string_view interface) {
  // The key of a dictionary in metadata, behind its tag and its length.
  constexpr std::string_view kLineKey = "\x1cline";
  constexpr std::string_view kPositions = "\"unbound\"";
  if (interface.find(kLineKey) != std::string_view::npos) return true;
  if (interface.find(kPositions) != std::string_view::npos) return true;
  for (std::size_t at = interface.find('@'); at != std::string_view::npos; at = interface.find('@', at + 1)) {
    if (at + 1 < interface.size() && interface[at + 1] >= '0' && interface[at + 1] <= '9') return true;
  }
  return false;
}

LineFreeFiles::LineFreeFiles(const PlannedRun& run, const graph::DiskObservations& seen)
    : candidates_(seen.files.size()) {
  const RunSetup& setup = run.setup();
  std::unordered_map<std::string_view, std::uint32_t> files;
  files.reserve(seen.files.size());
  for (std::uint32_t i = 0; i < seen.files.size(); ++i) files.emplace(seen.files[i].path, i);
  // A file that several modules are made of has to be free of lines in all of them.
  std::vector<bool> reported(seen.files.size());
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph[{i}];
    if (module.file == nullptr) continue;
    const auto found = files.find(module.path);
    if (found == files.end()) continue;
    const std::uint32_t file = found->second;
    if (!module.reports.empty() || module.file->digest != seen.files[file].digest) reported[file] = true;
    candidates_[file] = !reported[file];
    places_.push_back({file, setup.components->of({i})});
  }
}

void LineFreeFiles::note(const scheduler::RunState& state, graph::DiskObservations& seen) const {
  std::vector<bool> free = candidates_;
  for (const Place& place : places_) {
    if (!is_line_free(state[place.component])) free[place.file] = false;
  }
  for (std::size_t i = 0; i < free.size(); ++i) {
    if (free[i]) seen.files[i].by_shape = true;
  }
}

}  // namespace runner

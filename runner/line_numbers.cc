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

void observe_by_shape(const PlannedRun& run, graph::DiskObservations& seen) {
  const RunSetup& setup = run.setup();
  // A file that several modules are made of has to be free of lines in all of them: null where it is not.
  std::unordered_map<std::string_view, const graph::ScannedFile*> free;
  free.reserve(setup.graph.modules.size());
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph[{i}];
    if (module.file == nullptr) continue;
    const bool holds = module.reports.empty() && is_line_free(run.state()[setup.components->of({i})]);
    const auto [entry, is_new] = free.try_emplace(module.path, holds ? module.file : nullptr);
    if (!is_new && !holds) entry->second = nullptr;
  }
  for (graph::SeenFile& file : seen.files) {
    const auto found = free.find(file.path);
    if (found == free.end() || found->second == nullptr) continue;
    if (found->second->digest == file.digest) file.by_shape = true;
  }
}

}  // namespace runner

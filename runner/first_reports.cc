// Which modules may hold the messages about imports that mypy prints once a run.
#include "runner/first_reports.h"

#include <algorithm>

namespace runner {
namespace {

// Nothing in the file or in the configuration can silence the report.
bool surely_reports(const graph::Module& module) {
  if (!module.options->sections.empty()) return false;
  if (module.file == nullptr) return true;
  // As in "type: ignore" and "# mypy: ...".
  const auto has = [&](std::string_view word) {
    const auto& words = module.file->imports().words;
    return std::binary_search(words.begin(), words.end(), graph::word_hash(word));
  };
  return !has("ignore") && !has("mypy");
}

}  // namespace

std::vector<std::string> kinds_of_reports(const graph::Module& module) {
  using Reason = graph::NotFoundReason;
  std::vector<std::string> kinds;
  if (module.ignore_all) return kinds;
  for (const graph::ImportReport& report : module.reports) {
    if (report.kind == graph::ImportReport::Kind::kSkipped) kinds.emplace_back("not followed");
    if (report.kind == graph::ImportReport::Kind::kSkippedAncestor) {
      kinds.insert(kinds.end(), {"ancestor not followed", "ancestor " + report.target});
    }
    if (report.kind != graph::ImportReport::Kind::kNotFound) continue;
    kinds.emplace_back(report.reason == Reason::kWrongWorkingDirectory ? "working directory" : "link");
    // mypy names the distribution, of which each module has one.
    if (report.reason == Reason::kApprovedStubsNotInstalled) {
      kinds.insert(kinds.end(), {"stubs", "stubs " + report.target});
    }
  }
  return kinds;
}

FirstReports first_reports(const graph::ModuleGraph& graph) {
  FirstReports first;
  std::map<std::string, bool> found;
  for (std::uint32_t i = 0; i < graph.modules.size(); ++i) {
    const graph::Module& module = graph.modules[i];
    if (module.reports.empty()) continue;
    for (const std::string& kind : kinds_of_reports(module)) {
      if (found[kind]) continue;
      std::vector<graph::ModuleId>& holders = first[kind];
      if (holders.empty() || holders.back().value != i) holders.push_back({i});
      found[kind] = surely_reports(module);
    }
  }
  return first;
}

}  // namespace runner

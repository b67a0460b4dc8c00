#include "runner/dry_run.h"

#include <map>
#include <vector>

#include "runner/visible_text.h"

namespace runner {
namespace {

std::string title(const graph::Component& component, const graph::ModuleGraph& graph) {
  std::string text = graph[component.modules.front()].name;
  if (component.modules.size() > 1) {
    text += " and " + std::to_string(component.modules.size() - 1) + " more in its cycle";
  }
  return text;
}

}  // namespace

std::string reason_text(const scheduler::Decision& decision) {
  using enum scheduler::Decision::Reason;
  switch (decision.reason) {
    case kSame:
      return "unchanged";
    case kNeverChecked:
      return "no result for these inputs";
    case kInterfaceChanged:
      return "the interface of " + decision.detail + " changed";
    case kNotReachable:
      return decision.detail + " is no longer imported";
    case kWaiting:
      return "unless the interface of " + decision.detail + " stays what it was";
  }
  return "";
}

std::string describe_plan(const PlannedRun& run) {
  std::map<std::uint32_t, std::vector<std::string>> waves;
  std::size_t count = 0;
  const RunSetup& setup = run.setup();
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    const scheduler::ComponentRecord& record = run.state()[{i}];
    const scheduler::ComponentState state = run.state().state({i});
    if (state == scheduler::ComponentState::kReused || state == scheduler::ComponentState::kLeftOut) continue;
    const graph::Component& component = (*setup.components)[{i}];
    waves[component.wave].push_back(title(component, setup.graph) + ": " + reason_text(record.decision));
    ++count;
  }
  std::string text;
  for (const auto& [wave, lines] : waves) {
    text += "wave " + std::to_string(wave) + "\n";
    for (const std::string& line : lines) text += "  " + visible_text(line) + "\n";
  }
  text +=
      std::to_string(count) + " of " + std::to_string(run.state().size()) + " components would be checked\n";
  return text;
}

}  // namespace runner

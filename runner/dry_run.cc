#include "runner/dry_run.h"

#include <map>
#include <vector>

#include "runner/key_change_text.h"
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

// One line for each component, as good as a whole explanation's.
class Reasons {
 public:
  explicit Reasons(const Explainer& explainer) : explainer_(explainer) {}

  std::string of(graph::ComponentId id) const {
    using enum scheduler::Decision::Reason;
    const scheduler::Decision& decision = explainer_.run().state()[id].decision;
    const std::string text = reason_text(decision);
    if (decision.reason == kNeverChecked) return own_changes(id, text);
    if (decision.reason == kInterfaceChanged || decision.reason == kWaiting) {
      return text + imported_in(id, decision.detail) + beginning(decision.detail);
    }
    return text;
  }

 private:
  std::string own_changes(graph::ComponentId id, const std::string& otherwise) const {
    bool compared = false;
    const std::vector<KeyChange> changes = explainer_.changes_now(id, compared);
    if (changes.empty()) return otherwise;
    const graph::Component& component = (*explainer_.run().setup().components)[id];
    std::string text = key_change_text(changes.front(), explainer_.graph()[component.modules.front()].name,
                                       explainer_.option_texts());
    if (changes.size() > 1) text += ", and " + std::to_string(changes.size() - 1) + " more";
    return text;
  }

  // Where the module itself is imported, if it is.
  std::string imported_in(graph::ComponentId id, const std::string& name) const {
    for (const graph::ModuleId importer : (*explainer_.run().setup().components)[id].modules) {
      for (const graph::Dependency& dependency : explainer_.graph()[importer].dependencies) {
        if (explainer_.graph()[dependency.module].name != name) continue;
        return ", imported in " + explainer_.shown(explainer_.graph()[importer]) + ":" +
               std::to_string(graph::signed_line(dependency.line));
      }
    }
    return "";
  }

  std::string beginning(const std::string& name) const {
    const auto module = explainer_.graph().find(name);
    const auto origin = module ? explainer_.nearest_change(*module) : std::nullopt;
    if (!origin) return "";
    const graph::ComponentId id = explainer_.run().setup().components->of(*origin);
    auto known = beginnings_.find(id);
    if (known == beginnings_.end()) known = beginnings_.emplace(id, own_changes(id, "")).first;
    if (known->second.empty()) return "";
    return "; in " + explainer_.graph()[*origin].name + ", " + known->second;
  }

  const Explainer& explainer_;
  mutable std::map<graph::ComponentId, std::string> beginnings_;
};

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

std::string describe_plan(const Explainer& explainer) {
  std::map<std::uint32_t, std::vector<std::string>> waves;
  std::size_t count = 0;
  const PlannedRun& run = explainer.run();
  const RunSetup& setup = run.setup();
  const Reasons reasons(explainer);
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    const scheduler::ComponentState state = run.state().state({i});
    if (state == scheduler::ComponentState::kReused || state == scheduler::ComponentState::kLeftOut) continue;
    const graph::Component& component = (*setup.components)[{i}];
    waves[component.wave].push_back(title(component, setup.graph) + ": " + reasons.of({i}));
    ++count;
  }
  std::string text;
  for (const auto& [wave, lines] : waves) {
    text += "wave " + std::to_string(wave) + "\n";
    for (const std::string& line : lines) text += "  " + visible_text(line) + "\n";
  }
  return text + size_of_plan(count, run.state().size());
}

std::string size_of_plan(std::size_t to_check, std::size_t components) {
  return std::to_string(to_check) + " of " + std::to_string(components) + " components would be checked\n";
}

}  // namespace runner

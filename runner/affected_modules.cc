#include "runner/affected_modules.h"

#include <filesystem>
#include <optional>

#include "graph/posix_path.h"
#include "runner/change_set.h"
#include "runner/console.h"
#include "runner/earlier_run.h"
#include "runner/machine.h"
#include "runner/widening.h"
#include "scheduler/affected.h"

namespace runner {
namespace {

std::optional<std::string> why_everything(const ChangeSet& changes, RunSetup& setup,
                                          const StateDirectory& state) {
  if (auto foundation = changed_foundation(changes, setup.probe)) return foundation;
  return Surroundings(setup).change_since(state, changes.base);
}

}  // namespace

graph::Result<AffectedModules> affected_since(const std::string& revision, RunSetup& setup,
                                              const PlannedRun& run, PackStore& store,
                                              const StateDirectory& state) {
  const std::string cwd = std::filesystem::current_path();
  auto changes = changes_since(revision, cwd, kWayOutOfGraph);
  if (!changes) return changes.error();
  const std::size_t count = setup.graph.modules.size();
  AffectedModules result{revision, std::vector<bool>(count, false), std::vector<bool>(count, false)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& path = setup.graph.modules[i].path;
    result.changed[i] = !path.empty() && changes->paths.contains(graph::posix_path::absolute(path, cwd));
  }
  const auto all_affected = [&](const std::string& why) {
    print_note("everything is affected: " + why);
    result.affected.assign(count, true);
    return result;
  };
  if (const auto why = why_everything(*changes, setup, state)) return all_affected(*why);
  if (changes->earlier.empty()) return result;
  const auto earlier =
      EarlierRun::load(setup, changes->earlier, store, static_cast<unsigned>(usable_processors()));
  if (!earlier) {
    return all_affected("mypy could not check " + changes->title + " (" + earlier.error().message + ")");
  }
  const scheduler::Side now{setup.graph, *setup.components, run.state()};
  const RunSetup& then = (*earlier)->setup();
  const scheduler::Side before{then.graph, *then.components, (*earlier)->run().state()};
  const scheduler::ComponentSet reached = scheduler::Affected(now, before, result.changed).possible();
  for (const graph::ComponentId id : reached.members()) {
    for (const graph::ModuleId module : (*setup.components)[id].modules) result.affected[module.value] = true;
  }
  return result;
}

}  // namespace runner

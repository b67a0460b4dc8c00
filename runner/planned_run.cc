#include "runner/planned_run.h"

#include <utility>

#include "graph/shared_range.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

scheduler::RunInputs run_inputs(const ProbeAnswer& probe) {
  scheduler::RunInputs inputs;
  inputs.environment = probe.environment;
  inputs.environment.emplace_back("python version", std::to_string(probe.build.python_major) + "." +
                                                        std::to_string(probe.build.python_minor));
  inputs.environment.emplace_back("worker", WorkerProcess::source_digest().hex());
  for (const auto& [module, versions] : probe.build.typeshed_versions) {
    if (module.find('.') == std::string::npos) inputs.typeshed_names.push_back(module);
  }
  // Stubs that come with typeshed besides the standard library's.
  inputs.typeshed_names.emplace_back("mypy_extensions");
  inputs.typeshed_names.emplace_back("librt");
  inputs.depends_on_all_sources = !probe.vouched_plugins;
  return inputs;
}

}  // namespace

PlannedRun::PlannedRun(RunSetup& setup, PackStore& store, bool verify_store, unsigned threads)
    : setup_(setup),
      closure_(*setup.components),
      keys_(setup.graph, *setup.components, closure_, *setup.options, run_inputs(setup.probe), setup.constant,
            setup.known ? scheduler::KeyDemand::kFew : scheduler::KeyDemand::kAll),
      costs_(setup.graph, *setup.components),
      outcomes_(store, verify_store, setup.settled.get()),
      decisions_{setup.graph, *setup.components, closure_, outcomes_,
                 has_known_keys() ? &setup.known->outcomes : nullptr},
      state_(*setup.components) {
  compute_keys(threads);
  scheduler::plan(decisions_, state_);
}

void PlannedRun::compute_keys(unsigned threads) {
  if (has_known_keys()) return take_known_keys();
  // Each key is a function of the graph alone.
  constexpr std::size_t kStep = 64;
  graph::SharedRange range(state_.size(), kStep);
  range.run(threads, [&] {
    scheduler::NamedModules::Memo memo;
    while (const auto piece = range.take()) {
      for (auto i = static_cast<std::uint32_t>(piece->begin); i < piece->end; ++i)
        state_[{i}].static_key = keys_.key({i}, memo);
    }
  });
}

// Those of components in which nothing changed: the rest of a key is a function of the graph.
void PlannedRun::take_known_keys() {
  scheduler::NamedModules::Memo memo;
  for (std::uint32_t i = 0; i < state_.size(); ++i) {
    state_[{i}].static_key = setup_.known->outdated[i] ? keys_.key({i}, memo) : setup_.known->keys[i];
  }
}

}  // namespace runner

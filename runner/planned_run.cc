#include "runner/planned_run.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

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
      keys_(setup.graph, *setup.components, closure_, *setup.options, run_inputs(setup.probe),
            setup.constant),
      costs_(setup.graph, *setup.components),
      outcomes_(store, verify_store, setup.settled.get()),
      decisions_{setup.graph, *setup.components, closure_, outcomes_},
      state_(*setup.components) {
  compute_keys(threads);
  scheduler::plan(decisions_, state_);
}

void PlannedRun::compute_keys(unsigned threads) {
  // Each key is a function of the graph alone.
  constexpr std::uint32_t kStep = 64;
  const auto count = static_cast<std::uint32_t>(state_.size());
  std::atomic<std::uint32_t> next{0};
  const auto work = [&] {
    scheduler::NamedModules::Memo memo;
    for (std::uint32_t start = next.fetch_add(kStep); start < count; start = next.fetch_add(kStep)) {
      for (std::uint32_t i = start; i < std::min(count, start + kStep); ++i)
        state_[{i}].static_key = keys_.key({i}, memo);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < threads; ++i) helpers.emplace_back(work);
    work();
  }
}

}  // namespace runner

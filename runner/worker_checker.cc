#include "runner/worker_checker.h"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace runner {
namespace {

WorkerSetup fitted(WorkerSetup setup) {
  setup.workers = WorkerMemory::fitting(setup.max_memory, setup.workers);
  return setup;
}

}  // namespace

void fit_workers(WorkerSetup& setup, const scheduler::RunState& planned) {
  setup.workers = std::min(setup.workers, planned.count(scheduler::ComponentState::kUndecided));
  setup.start_with_work = certain_checks(planned) < setup.workers;
}

WorkerChecker::WorkerChecker(WorkerSetup setup, const graph::ModuleGraph& graph,
                             const graph::Condensation& condensation,
                             const scheduler::ComponentClosure& closure, const scheduler::StaticKeys& keys,
                             const std::vector<bool>& constant, PackStore& store)
    : setup_(fitted(std::move(setup))),
      memory_(setup_.max_memory, setup_.workers),
      shared_{setup_,   graph, condensation,
              closure,  keys,  BodyRecords(graph, condensation, closure, keys, store),
              constant, store, memory_,
              replaced_} {}

void WorkerChecker::run(scheduler::WorkSource& source, scheduler::CheckEvents& events) {
  std::mutex mutex;
  std::string hopeless;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < setup_.workers; ++i) {
      threads.emplace_back([&, i] {
        std::string why =
            WorkerSession(shared_, static_cast<std::uint32_t>(i) + kFirstTrack, source, events).run();
        const std::lock_guard lock(mutex);
        if (!why.empty()) hopeless = std::move(why);
      });
    }
  }
  if (!hopeless.empty()) throw std::runtime_error(hopeless);
}

}  // namespace runner

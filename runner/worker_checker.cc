#include "runner/worker_checker.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace runner {
namespace {

WorkerSetup fitted(WorkerSetup setup) {
  setup.workers = WorkerMemory::fitting(setup.max_memory, setup.workers);
  return setup;
}

graph::Error no_thread(int error_number) {
  return {std::string("cannot start a thread for a worker: ") + std::strerror(error_number), kMoreProcesses};
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
  graph::Error hopeless;
  {
    std::vector<std::jthread> threads;
    const auto session = [&](std::size_t i) {
      graph::Error why{
          WorkerSession(shared_, static_cast<std::uint32_t>(i) + kFirstTrack, source, events).run()};
      const std::lock_guard lock(mutex);
      if (!why.message.empty()) hopeless = std::move(why);
    };
    try {
      for (std::size_t i = 0; i < setup_.workers; ++i) threads.emplace_back(session, i);
    } catch (const std::system_error& error) {
      // Those there are do all the work.
      for (std::size_t i = threads.size(); i < setup_.workers; ++i) memory_.leave();
      const std::lock_guard lock(mutex);
      if (threads.empty()) hopeless = no_thread(error.code().value());
    }
  }
  if (!hopeless.message.empty()) throw scheduler::CheckerStopped(std::move(hopeless));
}

}  // namespace runner

// A checker without mypy: it computes outcomes by a function, in threads of its own, and records what it did.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/checker.h"
#include "scheduler/component_closure.h"
#include "scheduler/run_state.h"

namespace support {

// What happens to a component when it is checked, by the name of one of its modules.
struct CheckScript {
  enum class Step { kSucceed, kFailInInterface, kFailInImplementation, kBlock, kNeverAnswer };
  Step step = Step::kSucceed;
  std::chrono::milliseconds delay{0};  // before its interface is told
};

struct CheckedGraph {
  const graph::ModuleGraph& graph;
  const graph::Condensation& condensation;
  const scheduler::ComponentClosure& closure;
  const scheduler::RunState& run;
};

class ScriptedChecker final : public scheduler::Checker {
 public:
  using Compute = std::function<scheduler::Outcome(graph::ComponentId)>;

  ScriptedChecker(const CheckedGraph& checked, Compute compute, std::size_t workers);

  void script(const std::string& module, CheckScript script) { scripts_[module] = script; }
  // The workers stop after so many components, answered or not; with `thrown` run() then throws it.
  void give_up_after(std::size_t components, std::optional<std::string> thrown = std::nullopt);

  void run(scheduler::WorkSource& source, scheduler::CheckEvents& events) override;
  std::size_t workers() const override { return workers_; }

  std::size_t runs() const { return runs_; }
  // Components in the order they were begun.
  const std::vector<graph::ComponentId>& order() const { return order_; }
  const std::vector<std::vector<graph::ComponentId>>& batches() const { return batches_; }
  // Components whose closure was not complete when they were handed out: "a needs b".
  const std::vector<std::string>& unloadable() const { return unloadable_; }

 private:
  void work(scheduler::WorkSource& source, scheduler::CheckEvents& events);
  // False when the worker has to stop.
  bool begin(const std::vector<graph::ComponentId>& batch);
  void check(graph::ComponentId id, scheduler::CheckEvents& events);
  CheckScript script_of(graph::ComponentId id) const;

  const CheckedGraph& checked_;
  const Compute compute_;
  const std::size_t workers_;
  std::map<std::string, CheckScript> scripts_;
  std::size_t stop_after_ = SIZE_MAX;
  std::optional<std::string> thrown_;

  std::mutex mutex_;
  std::size_t runs_ = 0;
  std::vector<graph::ComponentId> order_;
  std::vector<std::vector<graph::ComponentId>> batches_;
  std::vector<std::string> unloadable_;
};

}  // namespace support

#include "tests/support/scripted_checker.h"

#include <stdexcept>
#include <thread>
#include <utility>

namespace support {

using graph::ComponentId;
using Step = CheckScript::Step;

ScriptedChecker::ScriptedChecker(const CheckedGraph& checked, Compute compute, std::size_t workers)
    : checked_(checked), compute_(std::move(compute)), workers_(workers) {}

void ScriptedChecker::give_up_after(std::size_t components, std::optional<std::string> thrown) {
  stop_after_ = components;
  thrown_ = std::move(thrown);
}

void ScriptedChecker::run(scheduler::WorkSource& source, scheduler::CheckEvents& events) {
  ++runs_;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers_; ++i) threads.emplace_back([&] { work(source, events); });
  }
  if (thrown_ && order_.size() >= stop_after_) throw std::runtime_error(*thrown_);
}

void ScriptedChecker::work(scheduler::WorkSource& source, scheduler::CheckEvents& events) {
  scheduler::ComponentSet loaded(checked_.condensation.size());
  for (;;) {
    const std::vector<ComponentId> batch = source.take(loaded, scheduler::Readiness::kStarted);
    if (batch.empty() || !begin(batch)) return;
    for (const ComponentId id : batch) {
      loaded.merge(checked_.closure[id]);
      check(id, events);
    }
  }
}

bool ScriptedChecker::begin(const std::vector<ComponentId>& batch) {
  const std::lock_guard lock(mutex_);
  batches_.push_back(batch);
  for (const ComponentId id : batch) {
    order_.push_back(id);
    for (const ComponentId below : checked_.closure[id].members()) {
      if (below == id || checked_.run.interface_known(below)) continue;
      const auto name = [this](ComponentId component) {
        return checked_.graph[checked_.condensation[component].modules.front()].name;
      };
      unloadable_.push_back(name(id) + " needs " + name(below));
    }
  }
  return order_.size() < stop_after_;
}

CheckScript ScriptedChecker::script_of(ComponentId id) const {
  for (const graph::ModuleId module : checked_.condensation[id].modules) {
    if (const auto it = scripts_.find(checked_.graph[module].name); it != scripts_.end()) return it->second;
  }
  return {};
}

void ScriptedChecker::check(ComponentId id, scheduler::CheckEvents& events) {
  const CheckScript script = script_of(id);
  const std::string& name = checked_.graph[checked_.condensation[id].modules.front()].name;
  std::this_thread::sleep_for(script.delay);
  if (script.step == Step::kNeverAnswer) return;
  if (script.step == Step::kFailInInterface) {
    events.on_failed(id, {scheduler::CheckFailure::Kind::kCrash, name, "failed in the interface phase"});
    return;
  }
  if (script.step == Step::kBlock) {
    events.on_failed(id, {scheduler::CheckFailure::Kind::kBlocking, name, "a syntax error"});
    return;
  }
  scheduler::Outcome outcome = compute_(id);
  std::vector<graph::Digest> interfaces;
  for (const scheduler::ModuleOutcome& module : outcome.modules) interfaces.push_back(module.interface);
  events.on_interface(id, std::move(interfaces));
  if (script.step == Step::kFailInImplementation) {
    events.on_failed(id, {scheduler::CheckFailure::Kind::kCrash, name, "failed in the implementation phase"});
    return;
  }
  events.on_checked(id, std::move(outcome));
}

}  // namespace support

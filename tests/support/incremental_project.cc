#include "tests/support/incremental_project.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>

#include "scheduler/flow.h"
#include "scheduler/progress.h"
#include "scheduler/ready_queue.h"
#include "tests/support/graph_text.h"

namespace support {

using graph::ComponentId;
using scheduler::ComponentState;

namespace {

class CountingProgress final : public scheduler::Progress {
 public:
  void on_decided(ComponentId, bool) noexcept override { ++decided; }
  void on_started(std::span<const ComponentId> batch) noexcept override { started += batch.size(); }
  void on_finished(ComponentId) noexcept override { ++finished; }
  std::atomic<std::size_t> decided{0}, started{0}, finished{0};
};

void append(std::string& text, const std::string& name) {
  if (!text.empty()) text += ' ';
  text += name;
}

}  // namespace

IncrementalProject::IncrementalProject(std::string_view graph_text) {
  rewrite(graph_text);
}

IncrementalProject& IncrementalProject::edit(const std::string& module, std::string source) {
  sources_[module] = std::move(source);
  return *this;
}

IncrementalProject& IncrementalProject::edit_interface(const std::string& module, std::string interface) {
  interfaces_[module] = interface;
  return edit(module, "with interface " + interface);
}

IncrementalProject& IncrementalProject::uses(const std::string& module, std::vector<std::string> used) {
  used_[module] = std::move(used);
  return *this;
}

IncrementalProject& IncrementalProject::rewrite(std::string_view graph_text) {
  graph_ = graph_from_text(graph_text);
  condensation_.emplace(graph::condense(graph_));
  closure_.emplace(*condensation_);
  return *this;
}

IncrementalProject& IncrementalProject::script(const std::string& module, CheckScript script) {
  scripts_[module] = script;
  return *this;
}

IncrementalProject& IncrementalProject::prepare(std::function<void(ScriptedChecker&)> prepare) {
  prepare_ = std::move(prepare);
  return *this;
}

const std::string& IncrementalProject::name_of(ComponentId id) const {
  return graph_[(*condensation_)[id].modules.front()].name;
}

RunRecord IncrementalProject::cold_run() const {
  IncrementalProject copy("");
  copy.graph_ = graph_;
  copy.condensation_ = condensation_;
  copy.closure_.emplace(*copy.condensation_);
  copy.sources_ = sources_;
  copy.interfaces_ = interfaces_;
  copy.used_ = used_;
  return copy.run();
}

graph::Digest IncrementalProject::key_of(const std::string& module) const {
  return static_key(condensation_->of(*graph_.find(module)));
}

graph::Digest IncrementalProject::static_key(ComponentId id) const {
  graph::DigestBuilder builder;
  for (const graph::ModuleId module : (*condensation_)[id].modules) {
    builder.field("module", graph_[module].name);
    const auto source = sources_.find(graph_[module].name);
    builder.field("source", source == sources_.end() ? "" : source->second);
    for (const graph::Dependency& dependency : graph_[module].dependencies) {
      builder.field("import", graph_[dependency.module].name);
    }
  }
  return builder.finish();
}

graph::Digest IncrementalProject::interface_of(const std::string& module) const {
  const auto it = interfaces_.find(module);
  return graph::sha256(module + " " + (it == interfaces_.end() ? "" : it->second));
}

std::vector<std::string> IncrementalProject::used_by(ComponentId id) const {
  std::set<std::string> used;
  for (const graph::ModuleId module : (*condensation_)[id].modules) {
    if (const auto it = used_.find(graph_[module].name); it != used_.end()) {
      used.insert(it->second.begin(), it->second.end());
      continue;
    }
    for (const graph::Dependency& dependency : graph_[module].dependencies) {
      if (condensation_->of(dependency.module) != id) used.insert(graph_[dependency.module].name);
    }
  }
  return {used.begin(), used.end()};
}

scheduler::Outcome IncrementalProject::outcome_of(ComponentId id, const scheduler::RunState& run) const {
  scheduler::Outcome outcome;
  outcome.used = used_by(id);
  std::string seen;
  for (const std::string& name : outcome.used) {
    const graph::Digest* interface = run.interface_of(*graph_.find(name));
    seen += " " + name + "=" + (interface == nullptr ? "?" : interface->hex().substr(0, 8));
  }
  for (const graph::ModuleId module : (*condensation_)[id].modules) {
    const std::string& name = graph_[module].name;
    const auto source = sources_.find(name);
    scheduler::Diagnostic diagnostic;
    diagnostic.severity = "error";
    diagnostic.message = name + " '" + (source == sources_.end() ? "" : source->second) + "' saw" + seen;
    outcome.modules.push_back({interface_of(name), {std::move(diagnostic)}});
  }
  return outcome;
}

std::string IncrementalProject::names(const scheduler::RunState& run, ComponentState state) const {
  std::string text;
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    if (run.state({i}) == state) append(text, name_of({i}));
  }
  return text;
}

void IncrementalProject::set_keys(scheduler::RunState& run) const {
  for (std::uint32_t i = 0; i < run.size(); ++i) run[{i}].static_key = static_key({i});
}

RunRecord IncrementalProject::run(std::size_t workers) {
  scheduler::RunState run(*condensation_);
  set_keys(run);
  const CheckedGraph checked{graph_, *condensation_, *closure_, run};
  ScriptedChecker checker(
      checked, [this, &run](ComponentId id) { return outcome_of(id, run); }, workers);
  for (const auto& [module, script] : scripts_) checker.script(module, script);
  if (prepare_) prepare_(checker);
  const scheduler::CostModel costs(graph_, *condensation_);
  const scheduler::DecisionInputs decisions{graph_, *condensation_, *closure_, store};
  CountingProgress progress;

  RunRecord record;
  scheduler::plan(decisions, run);
  record.unchanged = names(run, ComponentState::kReused);
  const auto wait = [&record] {
    ++record.waits;
    record.waits_came_first = record.waits_came_first && record.all_read == 0;
  };
  scheduler::run_flow({decisions, costs, checker, progress, wait, [&record] { ++record.all_read; }}, run);

  record.checked = names(run, ComponentState::kChecked);
  record.reused = names(run, ComponentState::kReused);
  record.failed = names(run, ComponentState::kFailed);
  record.skipped = names(run, ComponentState::kSkipped);
  for (const ComponentId id : checker.order()) append(record.order, name_of(id));
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    if (const auto& failure = run[{i}].failure) {
      record.failures.push_back(failure->module + ": " + failure->text);
    }
    if (!run[{i}].outcome) continue;
    for (const scheduler::ModuleOutcome& module : run[{i}].outcome->modules) {
      for (const scheduler::Diagnostic& one : module.diagnostics) record.answer.push_back(one.message);
    }
  }
  record.unloadable = checker.unloadable();
  record.checker_runs = checker.runs();
  record.batches = checker.batches().size();
  record.decided_late = progress.decided;
  record.started = progress.started;
  record.finished = progress.finished;
  return record;
}

std::vector<std::string> IncrementalProject::plan() {
  static constexpr const char* kReasons[] = {"same", "never checked", "interface changed", "not reachable",
                                             "waiting"};
  scheduler::RunState run(*condensation_);
  set_keys(run);
  scheduler::plan({graph_, *condensation_, *closure_, store}, run);
  std::vector<std::string> undecided;
  for (std::uint32_t i = 0; i < run.size(); ++i) {
    if (run.state({i}) != ComponentState::kUndecided) continue;
    const scheduler::Decision& decision = run[{i}].decision;
    std::string text = name_of({i}) + ": " + kReasons[static_cast<std::size_t>(decision.reason)];
    if (!decision.detail.empty()) text += " " + decision.detail;
    undecided.push_back(std::move(text));
  }
  return undecided;
}

}  // namespace support

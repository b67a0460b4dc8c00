// A project in memory that is checked again after every edit: edits in, the components that were checked out.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"
#include "scheduler/decide.h"
#include "scheduler/run_state.h"
#include "tests/support/memory_outcomes.h"
#include "tests/support/scripted_checker.h"

namespace support {

// What one run did. Components are named by their first module, in processing order, separated by blanks.
struct RunRecord {
  std::string checked, reused, failed, skipped;
  std::string unchanged;                // reused before anything was checked
  std::string order;                    // of checks, as they began
  std::vector<std::string> failures;    // "a: text"
  std::vector<std::string> unloadable;  // ScriptedChecker::unloadable()
  std::vector<std::string> answer;      // every diagnostic of every module with an outcome, by module
  std::size_t checker_runs = 0;
  std::size_t batches = 0;
  std::size_t decided_late = 0, started = 0, finished = 0;  // as told to Progress
  std::size_t waits = 0, all_read = 0;                      // how often those of FlowInputs were called
  bool waits_came_first = true;
};

// A module's outcome is a function of its source and of the interfaces it uses, and says so in its one
// diagnostic: a wrong reuse shows in the answer. Its interface is a text of its own.
class IncrementalProject {
 public:
  // As for graph_from_text.
  explicit IncrementalProject(std::string_view graph_text);

  // Edits; they take effect with the next run.
  IncrementalProject& edit(const std::string& module, std::string source);
  IncrementalProject& edit_interface(const std::string& module, std::string interface);
  // The modules whose interfaces a check of `module` looks at; unless said, what it imports.
  IncrementalProject& uses(const std::string& module, std::vector<std::string> used);
  // Other imports.
  IncrementalProject& rewrite(std::string_view graph_text);
  IncrementalProject& script(const std::string& module, CheckScript script);
  // Called with the checker before the run.
  IncrementalProject& prepare(std::function<void(ScriptedChecker&)> prepare);

  RunRecord run(std::size_t workers = 1);
  // plan() alone: each undecided component with its reason, "a: waiting b".
  std::vector<std::string> plan();

  // A run over the same project with a store of its own that is empty.
  RunRecord cold_run() const;

  graph::Digest key_of(const std::string& module) const;
  MemoryOutcomes store;

 private:
  graph::Digest static_key(graph::ComponentId id) const;
  graph::Digest interface_of(const std::string& module) const;
  std::vector<std::string> used_by(graph::ComponentId id) const;
  scheduler::Outcome outcome_of(graph::ComponentId id, const scheduler::RunState& run) const;
  std::string names(const scheduler::RunState& run, scheduler::ComponentState state) const;
  const std::string& name_of(graph::ComponentId id) const;
  void set_keys(scheduler::RunState& run) const;

  graph::ModuleGraph graph_;
  std::optional<graph::Condensation> condensation_;
  std::optional<scheduler::ComponentClosure> closure_;
  std::map<std::string, std::string> sources_, interfaces_;
  std::map<std::string, std::vector<std::string>> used_;
  std::map<std::string, CheckScript> scripts_;
  std::function<void(ScriptedChecker&)> prepare_;
};

}  // namespace support

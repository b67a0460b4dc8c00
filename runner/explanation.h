// Why a component is reused or checked: now, and the last time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/import_path.h"
#include "runner/key_inputs.h"
#include "runner/pack_store.h"
#include "runner/planned_run.h"
#include "runner/run_history.h"
#include "runner/shown_path.h"

namespace runner {

// An interface that a check looked at and that is another one now, or may be.
struct InterfaceChange {
  std::string module;
  std::string from;                                 // the start of its digest, in hexadecimal
  std::string to;                                   // empty while it is not known
  std::optional<std::vector<std::string>> symbols;  // what the check looked at of it, if that is known
};

struct Why {
  scheduler::Decision::Reason reason = scheduler::Decision::Reason::kSame;
  std::string detail;              // the module that belongs to the reason
  bool compared = false;           // there was an earlier key to compare with
  std::vector<KeyChange> changes;  // from the last key to this one
  std::vector<InterfaceChange> interfaces;
  // Where it began, if not in the component itself, and how its imports lead there.
  std::string origin;
  std::vector<KeyChange> origin_changes;
  std::vector<ImportStep> imports;
};

struct LastTime {
  enum class Verdict { kChecked, kReused, kLeftOut };
  Verdict verdict = Verdict::kReused;  // of the last run
  std::uint64_t checks = 0;
  std::int64_t checked_at = 0;  // seconds since 1970; 0: not known
  double seconds = 0;
  Why why;  // of its last check
};

struct Explanation {
  graph::ModuleId module;
  scheduler::Verdict verdict = scheduler::Verdict::kUndecided;
  Why now;
  std::optional<LastTime> last;
};

// The sections that module options consist of, by the start of their digest as in KeyInput.
std::map<std::string, std::string> option_texts_of(const RunSetup& setup);

class Explainer {
 public:
  // `history` may be null; all must outlive this.
  Explainer(const PlannedRun& run, const RunHistory* history, PackStore& store);

  Explanation explain(graph::ModuleId module) const;
  // Why the component of a module is reused or would be checked, without the last time.
  Why why_now(graph::ModuleId module) const;

  // The nearest module that a module reaches, itself included, whose component is to be checked for what it
  // is itself; nothing if there is none.
  std::optional<graph::ModuleId> nearest_change(graph::ModuleId module) const;
  // What changed in a component's key since the last run. `compared`: whether there was one.
  std::vector<KeyChange> changes_now(graph::ComponentId id, bool& compared) const;
  // Those of this run and of the last.
  const std::map<std::string, std::string>& option_texts() const { return option_texts_; }

  // The path of a module's file as mypy prints it; empty without a file.
  std::string shown(const graph::Module& module) const;
  const graph::ModuleGraph& graph() const { return run_.setup().graph; }
  const PlannedRun& run() const { return run_; }
  const RunHistory* history() const { return history_; }

 private:
  std::vector<KeyChange> changes_then(const ComponentPast& past) const;
  std::vector<InterfaceChange> interfaces_now(graph::ComponentId id) const;
  std::optional<std::vector<std::string>> looked_at(const graph::Digest& static_key,
                                                    const std::string& module) const;
  void find_origin_now(graph::ModuleId from, Why& why) const;
  void find_origin_then(graph::ModuleId from, const ComponentPast& past, Why& why) const;
  void append_imports(graph::ModuleId from, graph::ModuleId to, Why& why) const;
  LastTime last_time(graph::ModuleId module, const ComponentPast& past) const;
  bool changed_by_itself(graph::ComponentId id) const;
  void find_nearest_changes();

  const PlannedRun& run_;
  const RunHistory* history_;
  PackStore& store_;
  const ShownPath paths_;
  std::vector<KeyChange> run_changes_;  // since the last run
  NameChanges names_;                   // the same of modules
  std::map<std::string, std::string> option_texts_;
  std::vector<std::optional<graph::ModuleId>> nearest_;  // by ModuleId
};

}  // namespace runner

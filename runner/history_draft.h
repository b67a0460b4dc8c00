// Makes the next history out of the last one and a run, as far as possible while the run still checks.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "runner/planned_run.h"
#include "runner/run_history.h"

namespace runner {

class HistoryDraft {
 public:
  // Writes down the components that are reused with the key they had; others may be checked meanwhile. The
  // run must outlive it.
  HistoryDraft(std::shared_ptr<const RunHistory> last, const PlannedRun& run);

  // Whether there is a history before, of components with these keys.
  bool has_same_keys() const { return last_->run > 0 && last_->keys == next_.keys; }
  // Writes down the others, which are all in their final state. `now` is in seconds since 1970.
  RunHistory finish(std::int64_t now) &&;

 private:
  std::string_view carried_over(std::string_view recorded);
  void write_run_inputs();
  void compare_modules();
  void write_option_texts();
  const ComponentPast* past_of(graph::ComponentId id) const;
  // What is remembered of a component stays true.
  ComponentPast copy(const ComponentPast& past);
  // Of one that was reused or checked; `past` may be null.
  ComponentPast written(graph::ComponentId id, const ComponentPast* past);
  std::string_view recorded(graph::ComponentId id);
  void note_check(const scheduler::Decision& decision, ComponentPast& next);

  std::shared_ptr<const RunHistory> last_;
  const PlannedRun* run_;
  RunHistory next_;
  std::vector<ComponentPast> components_;  // by ComponentId; without names: not written yet
  scheduler::NamedModules::Memo memo_;
  bool same_numbers_ = true;
};

}  // namespace runner

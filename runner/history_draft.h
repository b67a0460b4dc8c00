// Makes the next history out of the last one and a run, as far as possible while the run still checks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/planned_run.h"
#include "runner/run_history.h"

namespace runner {

// Of the static keys of all components, in order.
graph::Digest digest_of_keys(const PlannedRun& run);

class HistoryDraft {
 public:
  // Writes down the components that have the key they had, as if they were reused; those that are undecided
  // may be checked meanwhile. The run must outlive it.
  HistoryDraft(std::shared_ptr<const RunHistory> last, const PlannedRun& run);

  // Whether there is a history before, of components with these keys.
  bool has_same_keys() const { return last_->run > 0 && last_->keys == next_.keys; }
  // The bytes of the history. All components are in their final state; `now` is in seconds since 1970.
  std::string finish(std::int64_t now) &&;

 private:
  std::string_view carried_over(std::string_view recorded);
  void write_run_inputs();
  void compare_modules();
  void write_option_texts();
  const ComponentPast* past_of(graph::ComponentId id) const;
  void write_draft(graph::ComponentId id);
  // Appends what there is to remember of a component, if anything.
  bool write_final(graph::ComponentId id, std::string& bytes);
  // What is remembered of a component stays true.
  ComponentPast copy(const ComponentPast& past);
  // Of one that was reused or checked; `past` may be null.
  ComponentPast seen(graph::ComponentId id, const ComponentPast* past);
  std::string_view recorded(graph::ComponentId id);

  // Bytes of `drafts_`.
  struct Draft {
    std::size_t begin = 0;
    std::size_t end = 0;  // as the beginning: there is none
    std::size_t seconds_at = 0;
  };

  std::shared_ptr<const RunHistory> last_;
  const PlannedRun* run_;
  RunHistory next_;
  std::string drafts_;
  std::vector<Draft> by_component_;
  scheduler::NamedModules::Memo memo_;
  bool same_numbers_ = true;
};

}  // namespace runner

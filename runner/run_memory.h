// Whole answers that may be given again: the last one of this folder, and those of the store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/answer.h"
#include "runner/last_run.h"
#include "runner/pack_store.h"
#include "runner/shared_answers.h"
#include "runner/state_directory.h"

namespace runner {

// What decides an answer besides the disk.
struct RunQuestion {
  const std::string& cwd;
  const std::string& store_directory;
  const std::string& python;
  const std::vector<std::string>& mypy_arguments;
  const ProbeAnswer& probe;
  ColorChoice color = ColorChoice::kAuto;
};

// Of everything but the disk that decides about the module graph of these arguments. Nothing when typewave
// cannot tell which program it is itself.
std::optional<graph::Digest> digest_of_graph_inputs(const std::string& cwd, const std::string& python,
                                                    const std::vector<std::string>& mypy_arguments,
                                                    const ProbeAnswer& probe);

class RunMemory {
 public:
  // `started_ns`: elapsed_clock_ns() from before anything was looked at. `state` and `store` must outlive it.
  RunMemory(const StateDirectory& state, PackStore& store, const RunQuestion& question,
            std::int64_t started_ns);

  // The answer that a run would give now, if that is known without one. `recalled`: of recall_last_run().
  // `on_change` is called with the inputs once something other than at the last run is found: mostly there is
  // something to check.
  std::optional<RunAnswer> recall(std::optional<RecalledRun> recalled, unsigned threads,
                                  const std::function<void(const graph::Digest&)>& on_change);
  // The same for a run that only plans: what the last one here said, if it still holds. Leaves all as it is.
  std::optional<RunAnswer> look(std::optional<RecalledRun> recalled, unsigned threads);
  // What a run would see of the disk now, if that follows from what the last run here saw. It may be taken.
  graph::DiskObservations* now() { return changed_ && last_ ? &last_->seen : nullptr; }
  // When it began to look, if now() is what it saw.
  std::optional<LookBeginning> began() const {
    return changed_ && recalled_ ? std::optional(recalled_->began) : std::nullopt;
  }
  // Of everything but the disk; nothing when no answer may be repeated.
  const std::optional<graph::Digest>& inputs() const { return inputs_; }
  // Of everything but the disk that decides about the module graph.
  const std::optional<graph::Digest>& graph_inputs() const { return graph_inputs_; }
  // Puts what a run saw in the order that later runs can use fastest.
  void sort(graph::DiskObservations& seen);
  // Finds out where the answer of a run belongs in the store that looked at the disk itself and saw this.
  void place(const graph::DiskObservations& seen);
  // Keeps the answer of that run: there, and here. The two may be done at once.
  void share(const RunAnswer& answer);
  void remember(graph::DiskObservations seen, const RunAnswer& answer) const;

 private:
  const SharedAnswers* shared();  // null: nothing is shared
  // What is new since the last run, if that was about the same; fills in now().
  std::optional<graph::Refreshed> compare(std::optional<RecalledRun> recalled, unsigned threads);
  RunAnswer repeat(bool touched);

  const StateDirectory& state_;
  PackStore& store_;
  std::int64_t started_ns_;
  std::optional<RecalledRun> recalled_;
  std::optional<LastRun> last_;  // kept, because the process ends sooner than it could be taken apart
  bool changed_ = false;
  bool comments_count_ = false;  // they are printed, or a plugin may read them
  std::optional<graph::Digest> graph_inputs_;
  std::optional<graph::Digest> inputs_;         // absent when nothing may be repeated
  std::optional<graph::Digest> shared_inputs_;  // the same for every checkout, but for typewave itself
  PathNames names_;
  std::optional<SharedAnswers> shared_;        // once it was asked for
  std::optional<SharedAnswers::Place> place_;  // of what a run saw
};

}  // namespace runner

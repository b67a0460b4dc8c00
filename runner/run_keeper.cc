#include "runner/run_keeper.h"

#include <utility>

#include "runner/known_graph.h"
#include "runner/machine.h"

namespace runner {

RunKeeper::RunKeeper(const StateDirectory& state, RunMemory* memory, RunSetup& setup, const PlannedRun& run)
    : state_(state), memory_(memory), run_(run) {
  looked_back_ = std::async(kAside, [this, &setup] { look_back(setup); }).share();
  prepared_ = std::async(kAside, [this, looked_back = looked_back_] {
    looked_back.wait();  // workers need the other processors
    return prepare_history(state_, run_);
  });
}

void RunKeeper::look_back(RunSetup& setup) {
  const bool in_order = setup.known != nullptr;
  seen_ = take_observations(setup);
  if (memory_ == nullptr) return;
  if (!in_order) memory_->sort(seen_);
  memory_->place(seen_);
  line_free_.emplace(run_, seen_);
}

const graph::DiskObservations& RunKeeper::seen() {
  looked_back_.get();
  return seen_;
}

bool RunKeeper::seen_at_once() {
  if (memory_ == nullptr || run_.setup().known == nullptr) return false;
  const auto began = memory_->began();
  return began && runner::seen_at_once(seen(), *began);
}

void RunKeeper::settle() {
  if (memory_ == nullptr) return;
  settled_ = std::async(kAside, [this] {
    looked_back_.wait();
    line_free_->note(run_.state(), seen_);
  });
}

void RunKeeper::keep_history() {
  history_ = std::async(kAside, [this] { remember_run(state_, run_, prepared_.get()); });
}

void RunKeeper::keep_answer(RunAnswer answer) {
  if (memory_ == nullptr) return;
  answer_ = std::move(answer);
  settled_.get();
  if (memory_->graph_inputs() && !is_well_known(run_)) {
    graph_ = std::async(
        kAside, [this, inputs = *memory_->graph_inputs()] { remember_graph(state_, inputs, run_, seen_); });
  }
}

void RunKeeper::keep_no_answer() {
  memory_ = nullptr;
  answer_.reset();
}

void RunKeeper::begin_to_finish() {
  if (!answer_) return;
  shared_ = std::async(kAside, [this] { memory_->share(*answer_); });
  remembered_ =
      std::async(kAside, [this] { memory_->remember(graph_.valid() ? seen_ : std::move(seen_), *answer_); });
}

void RunKeeper::finish() {
  if (shared_.valid()) shared_.wait();
  if (history_.valid()) history_.wait();
  if (prepared_.valid()) prepared_.wait();
  if (graph_.valid()) graph_.wait();
  if (settled_.valid()) settled_.wait();
}

void RunKeeper::finish_answer() {
  if (remembered_.valid()) remembered_.wait();
}

}  // namespace runner

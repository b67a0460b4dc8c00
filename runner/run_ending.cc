#include "runner/run_ending.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "runner/machine.h"

namespace runner {

RunEnding::RunEnding(const RunSetup& setup, const PlannedRun& run, RunKeeper& keeper,
                     std::optional<ColorChoice> text)
    : setup_(setup), run_(run), keeper_(keeper), merge_(setup.graph, *setup.components, run.state()) {
  if (text) text_.emplace(run, *text);
}

void RunEnding::when_waiting() {
  const std::vector<const ModuleDiagnostics*> settled = merge_.take_final();
  if (text_) text_->format_ahead(settled);
}

void RunEnding::when_all_read() {
  look_for_change();
  when_waiting();
}

AnswerParts& RunEnding::finish() {
  if (!second_look_) look_for_change();
  keeper_.settle();
  return parts_.emplace(answer_parts(run_, merge_.finish()));
}

std::optional<FormattedOutput> RunEnding::text() const {
  return text_ ? std::optional(text_->finish(*parts_)) : std::nullopt;
}

std::optional<std::string> RunEnding::change() {
  return second_look_->finish();
}

// Sources have changed since only where a worker, which compares them with what was seen, would have said so.
// The calling thread has other things to do first.
void RunEnding::look_for_change() {
  using enum graph::ChangeSearch::Extent;
  const std::size_t threads = std::max<std::size_t>(2, usable_processors()) - 1;
  second_look_.emplace(setup_, keeper_.seen(), keeper_.seen_at_once() ? kPaths : kAll, threads);
}

}  // namespace runner

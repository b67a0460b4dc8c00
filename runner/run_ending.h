// The end of a run: whether its answer still holds, and the parts the answer is made of. Some of it is done
// while the last component is checked, when other processors are idle.
#pragma once

#include <optional>
#include <string>

#include "runner/answer.h"
#include "runner/merge.h"
#include "runner/planned_run.h"
#include "runner/run_changes.h"
#include "runner/run_keeper.h"
#include "runner/run_setup.h"

namespace runner {

class RunEnding {
 public:
  // Of a run that is about to check. All must outlive it. `text`: the colours of the whole answer's text, if
  // that will be wanted.
  RunEnding(const RunSetup& setup, const PlannedRun& run, RunKeeper& keeper, std::optional<ColorChoice> text);

  // scheduler::FlowInputs::on_wait, on_all_read.
  void when_waiting();
  void when_all_read();
  // All components have their final state. The parts of the answer. Once.
  AnswerParts& finish();
  // The text of the whole answer, if wanted; once, after finish().
  std::optional<FormattedOutput> text() const;
  // Something that is not what the run saw of it, or nothing. Once, after finish().
  std::optional<std::string> change();

 private:
  void look_for_change();

  const RunSetup& setup_;
  const PlannedRun& run_;
  RunKeeper& keeper_;
  DiagnosticMerge merge_;
  std::optional<AnswerText> text_;
  std::optional<SecondLook> second_look_;
  std::optional<AnswerParts> parts_;  // kept, because the process ends sooner than they could be taken apart
};

}  // namespace runner

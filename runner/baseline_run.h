// The part of a run that knows diagnostics from a baseline.
#pragma once

#include <optional>
#include <string>

#include "runner/baseline.h"
#include "runner/change_options.h"
#include "runner/planned_run.h"

namespace runner {

class BaselineRun {
 public:
  BaselineRun(const BaselineOptions& options, std::string cwd) : options_(options), cwd_(std::move(cwd)) {}

  // Whether the run has a baseline at all.
  bool wanted() const { return options_.file.has_value() || options_.update; }
  // Reads it. With an update it need not be there.
  std::optional<graph::Error> open();
  // Takes known diagnostics out of an answer and says what is stale, or writes an update; only of a complete
  // answer.
  std::optional<graph::Error> apply(const PlannedRun& run, bool complete, AnswerParts& parts);

 private:
  const BaselineOptions& options_;
  const std::string cwd_;
  Baseline baseline_;
};

}  // namespace runner

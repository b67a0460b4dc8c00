// Compares an answer with the reference: one cold run of mypy on the same arguments.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/check_command.h"
#include "runner/comparable_answer.h"
#include "runner/run_setup.h"

namespace runner {

// Where two answers differ.
struct AnswerDifference {
  std::string diff;                // unified, from mypy's answer to typewave's; empty when nothing differs
  std::vector<std::string> files;  // that the differing lines name, sorted
};

AnswerDifference compare_answers(const PrintedAnswer& mypy, const PrintedAnswer& typewave,
                                 const Comparison& comparison);

struct VerifiedAnswer {
  PrintedAnswer reference;
  AnswerDifference difference;
};

// Runs mypy and compares. Colours count where both decide about them by the same rules, and standard error
// where nothing but mypy writes to it. An error when mypy could not be run.
graph::Result<VerifiedAnswer> verify_answer(const RunSetup& setup, const PrintedAnswer& answer,
                                            ColorChoice color);

}  // namespace runner

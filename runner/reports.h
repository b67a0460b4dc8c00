// The reports of one run: gathers what they say, and writes them once the answer is printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"
#include "runner/comparable_answer.h"
#include "runner/planned_run.h"
#include "runner/report.h"
#include "runner/report_target.h"

namespace runner {

class Reports {
 public:
  // On GitHub Actions there is one more, on standard error: the runner reads commands there too, and whoever
  // reads standard output finds only the answer.
  Reports(std::vector<ReportTarget> targets, const std::string& working_directory);

  bool wanted() const { return on_actions_ || !targets_.empty(); }
  // Prints a part of the answer, unless a report is printed in its place.
  void print(const std::string& text) const;

  // The answer of a run of our own.
  void take(const PlannedRun& run);
  // Something that kept the check from being complete.
  void fail(const std::string& why) { input_.failures.push_back(why); }
  // mypy said what there is to say before it checked anything.
  void take(const EarlyExit& exit);
  // Lets mypy itself answer, and takes its answer; gives its exit status.
  graph::Result<int> run_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments);

  // All reports; what could not be written.
  std::vector<graph::Error> write(int exit_code, const std::string& mypy_version);

 private:
  bool wants(ReportFormat format) const;
  void take_json(const PrintedAnswer& json);

  std::vector<ReportTarget> targets_;
  bool on_actions_ = false;
  bool replaces_answer_ = false;
  ReportInput input_;
};

}  // namespace runner

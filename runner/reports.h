// The reports of one run: gathers what they say, and writes them once the answer is printed.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/result.h"
#include "runner/answer.h"
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

  // Files of the change the run is about, absolute: named first where space is short.
  void put_first(std::set<std::string> files) { input_.changed = std::move(files); }
  // The answer of a run of our own.
  void take(const PlannedRun& run, const AnswerParts& parts);
  // Something that kept the check from being complete.
  void fail(const std::string& why) { input_.failures.push_back(why); }
  // Prints and takes what mypy said before it checked anything; gives its exit status.
  int pass_on(const EarlyExit& exit);
  // Lets mypy itself answer, and takes its answer; gives its exit status.
  graph::Result<int> run_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments);

  // All reports of a run that ends with this exit status; gives the one it ends with if one cannot be
  // written.
  int write(int exit_code, const std::string& mypy_version);

 private:
  bool wants(ReportFormat format) const;
  void take_json(const PrintedAnswer& json);

  std::vector<ReportTarget> targets_;
  bool on_actions_ = false;
  bool replaces_answer_ = false;
  ReportInput input_;
};

}  // namespace runner

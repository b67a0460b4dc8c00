// What went wrong with single components of a run.
#include "runner/run_failures.h"

namespace runner {

RunFailures failures_of(const PlannedRun& run) {
  using Kind = scheduler::CheckFailure::Kind;
  RunFailures failures;
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    const auto& failure = run.state()[{i}].failure;
    if (!failure) continue;
    failures.last = failure->module + ": " + failure->text;
    switch (failure->kind) {
      case Kind::kBlocking:
        failures.blocking = true;
        break;
      case Kind::kWhole:
        failures.blocking = true;
        failures.beyond = failure->text;
        break;
      case Kind::kMismatch:
        ++failures.mismatches;
        if (const auto module = run.setup().graph.find(failure->module)) {
          failures.doubted.insert(run.setup().graph[*module].path);
        }
        failures.start_over = true;
        break;
      case Kind::kLost:
        failures.lost = true;
        failures.start_over = true;
        break;
      case Kind::kChanged:
        failures.start_over = true;
        break;
      case Kind::kCrash:
        failures.crashed.push_back(*failure);
        break;
    }
  }
  return failures;
}

}  // namespace runner

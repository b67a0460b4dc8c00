// What a run leaves is kept before what it was made of goes.
#include "runner/run_keeper.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "runner/arbitrated_scanner.h"
#include "runner/last_run.h"
#include "runner/stat_cache.h"
#include "tests/support/planned_project.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::PlannedProject;
using support::TemporaryDirectory;

// So many that the graph is not kept in no time.
constexpr int kModules = 4000;

std::string modules() {
  std::string text;
  for (int i = 0; i < kModules; ++i) text += "module" + std::to_string(i) + "; ";
  return text + "last -> module0";
}

// A run of modules that are all made of one file.
class FinishedRun {
 public:
  FinishedRun()
      : project_(modules()), state_(StateDirectory::open(cwd_, StateDirectory::Access::kReadWrite)) {
    support::write_file(folder_ / "CACHEDIR.TAG", "");
    RunSetup& setup = project_.setup;
    setup.scanner = std::make_unique<graph::ParallelFileScanner>(1, nullptr);
    setup.arbitrated = std::make_unique<ArbitratedScanner>(*setup.scanner, "python", std::set<std::string>());
    const std::string path = folder_ / "module.py";
    support::write_file(path, "x = 1\n");
    const graph::ScanTarget target;
    const graph::ScanRequest request{.path = path, .target = &target};
    const graph::ScannedFile* file = setup.scanner->scan({&request, 1}).front();
    for (graph::Module& module : setup.graph.modules) {
      module.path = path;
      module.file = file;
    }
    for (std::size_t i = 0; i < setup.sources.size(); ++i) setup.sources[i].path = path;
    run_ = &project_.plan();
    const RunQuestion question{cwd_, cwd_, python_, project_.setup.mypy_arguments, project_.setup.probe};
    memory_.emplace(state_, project_.store, question, elapsed_clock_ns());
    keeper_.emplace(state_, &*memory_, project_.setup, *run_);
    keeper_->settle();
  }

  RunKeeper& keeper() { return *keeper_; }
  bool is_kept(const char* file) const {
    return fs::exists(folder_ / std::string(kStateDirectoryName) / file);
  }

 private:
  TemporaryDirectory folder_;
  const std::string cwd_ = folder_.path().string();
  const std::string python_ = "python";
  PlannedProject project_;
  StateDirectory state_;
  PlannedRun* run_ = nullptr;
  std::optional<RunMemory> memory_;
  std::optional<RunKeeper> keeper_;
};

TEST_CASE("when it has finished the graph is kept, and in the end the answer") {
  FinishedRun run;
  run.keeper().keep_answer({.output = "answer"});
  run.keeper().begin_to_finish();
  run.keeper().finish();
  CHECK(run.is_kept("graph"));
  run.keeper().finish_answer();
  CHECK(run.is_kept(kLastRunFile));
}

TEST_CASE("an answer that may not be given again is not kept") {
  FinishedRun run;
  run.keeper().keep_answer({.output = "answer"});
  run.keeper().keep_no_answer();
  run.keeper().begin_to_finish();
  run.keeper().finish();
  run.keeper().finish_answer();
  CHECK_FALSE(run.is_kept(kLastRunFile));
}

}  // namespace
}  // namespace runner

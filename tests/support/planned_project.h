// A run planned over a graph in one line and a store in memory, for tests of what is shown of a run.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/memory_store.h"
#include "runner/planned_run.h"
#include "runner/run_history.h"
#include "runner/run_setup.h"

namespace support {

class PlannedProject {
 public:
  // As for graph_from_text; every module has a source of its own and is named by the user.
  explicit PlannedProject(std::string_view graph_text, std::vector<graph::OptionsSection> sections = {});

  // From now on the source of a module is another one.
  PlannedProject& edit(const std::string& module, std::string_view source);
  // Keeps an outcome for the component of `module` with the interfaces its imports have in the store: so keep
  // dependencies first. The diagnostics are those of its first module.
  PlannedProject& keep(const std::string& module, std::vector<scheduler::Diagnostic> diagnostics = {},
                       std::string_view interface = "");
  // Plans anew; the last plan stays valid until the next.
  runner::PlannedRun& plan();
  // The history that follows `last`, of a plan that has nothing to check, or leaves it; as bytes, and read.
  std::string history_bytes(const runner::RunHistory& last, std::int64_t now = 7);
  runner::RunHistory history_after(const runner::RunHistory& last, std::int64_t now = 7);

  runner::RunSetup setup;
  runner::MemoryStore store;

 private:
  std::deque<graph::ScannedFile> files_;
  std::unique_ptr<runner::PlannedRun> run_;
};

}  // namespace support

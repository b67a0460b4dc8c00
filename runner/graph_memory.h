// The text of the last `typewave graph` of this folder, given again as long as it would be the same.
#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "graph/digest.h"
#include "runner/graph_command.h"
#include "runner/last_run.h"
#include "runner/run_setup.h"
#include "runner/state_directory.h"

namespace runner {

// Whether the text follows from the module graph alone: nothing of what a page or a revision adds.
bool may_remember(const GraphOptions& options);

// Of everything but the disk that decides the text. `setup`: from before the sources were looked at. Nothing
// when nothing may be remembered.
std::optional<graph::Digest> graph_inputs(const GraphOptions& options, const RunSetup& setup,
                                          const std::string& cwd);

class GraphMemory {
 public:
  // Begins to read, on a thread of its own, what is remembered. Make it before anything is looked at. `state`
  // must outlive it.
  explicit GraphMemory(const StateDirectory& state);

  // The text that a run with these inputs would give now, if that is known without one.
  std::optional<std::string> recall(const graph::Digest& inputs);
  // Keeps a text in place of the one before, unless it is too large, or something that was seen changed while
  // it was being made.
  void remember(const graph::Digest& inputs, const RunSetup& setup, const std::string& text) const;

 private:
  const StateDirectory& state_;
  const std::int64_t started_ns_;
  const unsigned threads_;
  std::future<std::optional<RecalledRun>> recalling_;
};

}  // namespace runner

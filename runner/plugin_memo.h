// Asks the user's mypy which dependencies its plugins add to modules, and remembers what it said.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/canonical_path.h"
#include "graph/graph_loader.h"
#include "runner/pack_store.h"
#include "runner/run_setup.h"
#include "runner/worker_process.h"

namespace runner {

// A plugin that is vouched for answers from what it is made of and from the module. Of any other, an answer
// holds only as long as all modules it was asked about before, and at the same time, are the same.
class PluginMemo {
 public:
  using Added = std::vector<graph::AddedDependency>;

  // The references must outlive it.
  PluginMemo(const RunSetup& setup, const graph::SearchPaths& paths, const graph::CanonicalPaths& canonical,
             PackStore& store);

  // One list for each module, or nothing if mypy or a plugin fails.
  std::optional<std::vector<Added>> ask(std::span<const graph::Module* const> modules);

 private:
  std::vector<graph::Digest> keys(std::span<const graph::Module* const> modules);
  bool send_questions(const nlohmann::json& questions, nlohmann::json& added);
  bool ask_worker(std::span<const graph::Module* const> modules, const std::vector<std::size_t>& unknown,
                  const std::vector<graph::Digest>& keys, std::vector<Added>& answers);
  bool start();

  const RunSetup& setup_;
  const graph::SearchPaths& paths_;
  const graph::CanonicalPaths& canonical_;
  PackStore& store_;
  // If it matters what was asked before: a digest of that, and the questions no worker has heard yet.
  graph::Digest before_;
  nlohmann::json unheard_ = nlohmann::json::array();
  std::unique_ptr<WorkerProcess> worker_;
};

}  // namespace runner

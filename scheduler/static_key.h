// The static key: everything a check of one component depends on besides the interfaces it looks at.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"
#include "scheduler/key_sink.h"
#include "scheduler/named_modules.h"

namespace scheduler {

// Inputs that are the same for every component of a run.
struct RunInputs {
  // mypy's identity, target, global options, plugins: what the probe vouches for, as named texts in a fixed
  // order.
  std::vector<std::pair<std::string, std::string>> environment;
  // Top-level names typeshed provides; a module of such a name from elsewhere shadows one.
  std::vector<std::string> typeshed_names;
  // Set when a plugin cannot be vouched for: every component then depends on every source.
  bool depends_on_all_sources = false;
};

// How many keys somebody is going to ask for.
enum class KeyDemand : std::uint8_t { kAll, kFew };

// Computes the static keys of one run's components. The references must outlive it.
class StaticKeys {
 public:
  StaticKeys(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
             const ComponentClosure& closure, graph::OptionsTable& options, RunInputs run,
             const std::vector<bool>& constant, KeyDemand demand = KeyDemand::kAll);

  // `memo` is the calling thread's own.
  graph::Digest key(graph::ComponentId id, NamedModules::Memo& memo) const;
  NamedInputs named_inputs(graph::ComponentId id) const { return named_.inputs(id); }
  const SubmoduleOrder& submodules() const { return named_.order(); }
  // Everything in the key, one by one: the key is the digest of exactly this.
  void describe(graph::ComponentId id, NamedModules::Memo& memo, KeySink& sink) const;
  // What all components share.
  const KeyPart& run() const { return run_; }
  const graph::Digest& run_digest() const { return run_digest_; }

 private:
  // The inputs of the run as one part of every key.
  class RunPart final : public KeyPart {
   public:
    RunPart(const graph::ModuleGraph& graph, RunInputs inputs) : graph_(graph), inputs_(std::move(inputs)) {}
    void describe(KeySink& sink) const override;
    const RunInputs& inputs() const { return inputs_; }

   private:
    const graph::ModuleGraph& graph_;
    RunInputs inputs_;
  };

  void describe_module(const graph::Module& module, KeySink& sink) const;
  std::string import_options_of(const std::string& missing) const;

  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const ComponentClosure& closure_;
  RunPart run_;
  graph::Digest run_digest_;
  const std::vector<bool>& constant_;  // by ModuleId
  NamedModules named_;
  std::vector<graph::ModuleId> shadowing_;  // modules that have a name of typeshed but are not constant
  graph::OptionsTable& options_;
  mutable std::mutex options_mutex_;
  std::unordered_map<std::string, std::string> import_options_;  // of missing modules, if all are asked for
};

}  // namespace scheduler

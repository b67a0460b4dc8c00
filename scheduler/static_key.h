// The static key: everything a check of one component depends on besides the interfaces it looks at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"

namespace scheduler {

// Inputs that are the same for every component of a run.
struct RunInputs {
  // mypy's identity, target, global options, plugins: what the probe vouches for, as named texts in a fixed
  // order.
  std::vector<std::pair<std::string, std::string>> environment;
  // Top-level names typeshed provides; a module of such a name from elsewhere shadows one.
  std::vector<std::string> typeshed_names;
  // Set when a plugin cannot be vouched for: every component then depends on every own source.
  bool depends_on_all_sources = false;
};

// The global inputs that reach into a check past its imports, restricted to ids whose last part occurs as a
// word in the component's sources: mypy looks such ids up by name (semanal.py: get_module_symbol,
// is_visible_import).
struct NamedInputs {
  std::vector<std::string> visible;  // submodules in the import closure
  std::vector<std::pair<std::string, graph::SuppressionReason>>
      missing;  // modules missing anywhere in the run
};

// A sink sees each input once, in a fixed order. There are two: the digest and the explanation, so that a key
// and its explanation cannot differ.
class KeySink {
 public:
  virtual ~KeySink() = default;
  // `subject` is the module the input belongs to, empty for the run's.
  virtual void input(std::string_view subject, std::string_view name, std::string_view value) = 0;
};

// Computes the static keys of one run's components. The references must outlive it.
class StaticKeys {
 public:
  StaticKeys(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
             const ComponentClosure& closure, graph::OptionsTable& options, RunInputs run,
             const std::vector<bool>& constant);

  graph::Digest key(graph::ComponentId id) const;
  NamedInputs named_inputs(graph::ComponentId id) const;
  void describe(graph::ComponentId id, KeySink& sink) const;

 private:
  struct NamedModule {
    graph::ComponentId component;
    graph::ModuleId module;
  };

  std::vector<std::uint32_t> words_of(const graph::Component& component) const;
  void describe_module(const graph::Module& module, KeySink& sink) const;

  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const ComponentClosure& closure_;
  RunInputs run_;
  graph::Digest run_digest_;
  const std::vector<bool>& constant_;  // by ModuleId
  std::unordered_map<std::uint32_t, std::vector<NamedModule>>
      submodules_;  // word of the last part -> dotted modules
  std::unordered_map<std::uint32_t, std::vector<std::string>>
      missing_;                             // word of the last part -> missing ids
  std::vector<bool> known_words_;           // filter in front of the two maps
  std::vector<graph::ModuleId> shadowing_;  // modules that have a name of typeshed but are not constant
  std::unordered_map<std::string, std::string> import_options_;  // suppressed name -> its import options
};

}  // namespace scheduler

// Modules that mypy may look up by their full name, found by the last part of it. Whether a check can name
// one at all is known from the words of its sources.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "graph/module_graph.h"
#include "scheduler/component_closure.h"
#include "scheduler/key_sink.h"
#include "scheduler/submodule_order.h"

namespace scheduler {

// The global inputs that reach into a check past its imports: mypy looks them up by name (semanal.py:
// get_module_symbol, is_visible_import). Restricted to ids whose last part occurs as a word in the
// component's sources.
struct NamedInputs {
  std::vector<std::uint32_t> visible;  // submodules in the import closure: places in their order, ascending
  std::vector<std::uint32_t> missing;  // modules missing anywhere in the run: positions in graph.missing
};

// Why a module is missing, in a key.
std::string_view suppression_name(graph::SuppressionReason reason);

// Answers for every component of a run. Thread-safe; the digests are memoised by callers' threads in a Memo.
class NamedModules {
 public:
  // The references must outlive it. `for_all`: most components will be asked about, so that it pays to be
  // prepared for each; else that is found out.
  NamedModules(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
               const ComponentClosure& closure, bool for_all = true);

  // Digests of groups of visible submodules that were seen before; one a thread.
  class Memo {
   private:
    friend class NamedModules;
    std::unordered_map<std::string, graph::Digest> digests_;
  };

  NamedInputs inputs(graph::ComponentId id) const;
  // What the places of visible submodules mean.
  const SubmoduleOrder& order() const;
  // The same inputs as parts of a key, for each word that has any.
  void describe(graph::ComponentId id, Memo& memo, KeySink& sink) const;

 private:
  // What one word may name.
  struct Group {
    std::uint32_t first = 0;  // submodules: a range of by_name_order_
    std::uint32_t last = 0;
    std::vector<std::uint32_t> missing;  // positions in graph.missing, ascending
    graph::Digest missing_digest;
  };

  using Bits = std::vector<std::uint64_t>;
  using Words = std::vector<std::uint32_t>;  // hashes, ascending

  // What words may name, in the whole run.
  struct Index {
    std::unordered_map<std::uint32_t, Group> groups;  // by word hash
    std::vector<bool> filter;                         // of word hashes, in front of the groups
    std::vector<std::map<std::string, graph::SuppressionReason>::const_iterator> missing;  // by position
    std::vector<graph::ModuleId> by_name;  // modules with a dot in their name, by (word hash, name)
    // By component: the positions in by_name that it reaches, which makes going through a group fast. They
    // grow with the square of the run; a very large one does without.
    std::vector<Bits> closures;
  };

  // The missing modules that one word may name.
  class MissingPart;
  // The submodules that it may name and a component reaches.
  class VisiblePart;

  // The one for all words once that pays, else one for the words of a component, in `own`.
  const Index& index_for(graph::ComponentId id, Index& own) const;
  // Of these words; of all without them.
  void fill(Index& index, const Words* words) const;
  void reach(Index& index) const;
  Words words_of(graph::ComponentId id, const std::vector<bool>* filter) const;
  // The submodules of a group that a component reaches, as text.
  void reached(const Index& index, const Group& group, graph::ComponentId id, std::string& positions) const;
  template <typename Visit>
  void for_each_reached(const Index& index, const Group& group, graph::ComponentId id, Visit visit) const;

  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const ComponentClosure& closure_;
  const bool for_all_;
  mutable std::atomic<std::size_t> asked_ = 0;
  mutable std::once_flag ordering_, indexing_;
  mutable std::optional<SubmoduleOrder> order_;
  mutable Index index_;  // for all words
};

}  // namespace scheduler

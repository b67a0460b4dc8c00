#include "graph/import_cycles.h"

#include <algorithm>
#include <utility>

#include "graph/cut_order.h"
#include "graph/feedback_arcs.h"

namespace graph {
namespace {

// What it costs to remove one statement. A module that is only needed for its types can be named in other
// ways; an import inside of a function was mostly put there because of the cycle.
std::uint32_t statement_cost(ImportUse use) {
  switch (use) {
    case ImportUse::kTypeChecking:
      return 2;
    case ImportUse::kFunction:
      return 3;
    case ImportUse::kRunTime:
    case ImportUse::kImplied:
      break;
  }
  return 6;
}

// For each component the modules on the longest chain below it, itself included; and above likewise.
struct ChainLengths {
  explicit ChainLengths(const Condensation& components)
      : below(components.size(), 0), above(components.size(), 0) {
    const auto count = static_cast<std::uint32_t>(components.size());
    const auto extend = [&](std::vector<std::uint32_t>& lengths, std::uint32_t id,
                            const std::vector<ComponentId>& neighbours) {
      for (const ComponentId next : neighbours) lengths[id] = std::max(lengths[id], lengths[next.value]);
      lengths[id] += static_cast<std::uint32_t>(components[{id}].modules.size());
    };
    for (std::uint32_t id = 0; id < count; ++id) extend(below, id, components[{id}].dependencies);
    for (std::uint32_t id = count; id-- > 0;) extend(above, id, components[{id}].dependents);
  }
  std::vector<std::uint32_t> below;
  std::vector<std::uint32_t> above;
};

// A dependency inside of a cycle: which one of which module.
struct InnerImport {
  ModuleId from;
  std::size_t dependency = 0;
};

class CycleFinder {
 public:
  CycleFinder(const ModuleGraph& graph, const Condensation& components, const ImportUses& uses)
      : graph_(graph),
        components_(components),
        uses_(uses),
        chains_(components),
        place_(graph.modules.size()) {}

  ImportCycle look_at(ComponentId id) {
    modules_ = components_[id].modules;
    const auto size = static_cast<std::uint32_t>(modules_.size());
    ImportCycle cycle;
    cycle.component = id;
    cycle.left = size;
    for (const ModuleId module : modules_) cycle.own = cycle.own || !graph_[module].ignore_all;
    collect_arcs(id, cycle);
    std::vector<bool> removed(arcs_.size(), false);
    if (cycle.own) cut(cycle, removed);
    cycle.chain = chains_.below[id.value] + chains_.above[id.value] - size;
    cycle.chain_after_cut = cycle.cut.empty() ? cycle.chain : longest_chain_without(id, removed);
    count_dependents(cycle);
    return cycle;
  }

 private:
  void collect_arcs(ComponentId id, ImportCycle& cycle) {
    arcs_.clear();
    imports_.clear();
    for (std::uint32_t i = 0; i < modules_.size(); ++i) place_[modules_[i].value] = i;
    for (std::uint32_t i = 0; i < modules_.size(); ++i) {
      const Module& module = graph_[modules_[i]];
      for (std::size_t d = 0; d < module.dependencies.size(); ++d) {
        const ModuleId target = module.dependencies[d].module;
        if (components_.of(target) != id) continue;
        const ImportPlaces& places = uses_[modules_[i].value][d];
        ++cycle.imports[static_cast<std::size_t>(places.use)];
        arcs_.push_back(
            {.from = i,
             .to = place_[target.value],
             .weight = statement_cost(places.use) * static_cast<std::uint32_t>(places.lines.size()),
             .fixed = module.ignore_all || places.lines.empty()});
        imports_.push_back({modules_[i], d});
      }
    }
  }

  void cut(ImportCycle& cycle, std::vector<bool>& removed) {
    const auto size = static_cast<std::uint32_t>(modules_.size());
    const FeedbackArcs found = feedback_arcs(size, arcs_);
    for (const CutStep& step : cut_order(size, arcs_, found.arcs)) {
      const InnerImport& import = imports_[step.arc];
      cycle.cut.push_back({import.from, graph_[import.from].dependencies[import.dependency].module,
                           uses_[import.from.value][import.dependency], step.left});
      cycle.left = step.left;
      removed[step.arc] = true;
    }
  }

  // Of the parts that the cycle falls into.
  std::uint32_t longest_chain_without(ComponentId id, const std::vector<bool>& removed) const {
    const auto vertices = static_cast<std::uint32_t>(modules_.size());
    const Adjacency rest = graph_of_arcs(vertices, arcs_, [&](std::size_t i) { return !removed[i]; });
    const StrongComponents parts = strong_components(rest);
    std::vector<std::uint32_t> below(parts.size(), 0);
    std::vector<std::uint32_t> above(parts.size(), 0);
    for (const ModuleId module : modules_) {
      std::uint32_t& deepest = below[parts.of_vertex[place_[module.value]]];
      for (const Dependency& dependency : graph_[module].dependencies) {
        const ComponentId other = components_.of(dependency.module);
        if (other != id) deepest = std::max(deepest, chains_.below[other.value]);
      }
    }
    for (const ComponentId dependent : components_[id].dependents) {
      for (const ModuleId importer : components_[dependent].modules) {
        for (const Dependency& dependency : graph_[importer].dependencies) {
          if (components_.of(dependency.module) != id) continue;
          std::uint32_t& highest = above[parts.of_vertex[place_[dependency.module.value]]];
          highest = std::max(highest, chains_.above[dependent.value]);
        }
      }
    }
    for (std::uint32_t part = 0; part < parts.size(); ++part) {
      for (const std::uint32_t next : parts.edges[part]) below[part] = std::max(below[part], below[next]);
      below[part] += static_cast<std::uint32_t>(parts.members[part].size());
    }
    std::uint32_t longest = 0;
    for (std::uint32_t part = parts.size(); part-- > 0;) {
      longest = std::max(longest, below[part] + above[part]);
      const auto size = static_cast<std::uint32_t>(parts.members[part].size());
      for (const std::uint32_t next : parts.edges[part]) {
        above[next] = std::max(above[next], above[part] + size);
      }
    }
    return longest;
  }

  void count_dependents(ImportCycle& cycle) const {
    std::vector<bool> seen(components_.size(), false);
    std::vector<ComponentId> open{cycle.component};
    seen[cycle.component.value] = true;
    while (!open.empty()) {
      const ComponentId id = open.back();
      open.pop_back();
      for (const ComponentId dependent : components_[id].dependents) {
        if (seen[dependent.value]) continue;
        seen[dependent.value] = true;
        ++cycle.dependent_components;
        cycle.dependent_modules += static_cast<std::uint32_t>(components_[dependent].modules.size());
        open.push_back(dependent);
      }
    }
  }

  const ModuleGraph& graph_;
  const Condensation& components_;
  const ImportUses& uses_;
  const ChainLengths chains_;
  std::vector<std::uint32_t> place_;  // by ModuleId, of the modules of the cycle at hand
  std::vector<ModuleId> modules_;     // of the cycle at hand
  std::vector<WeightedArc> arcs_;
  std::vector<InnerImport> imports_;  // by arc
};

}  // namespace

std::vector<ImportCycle> import_cycles(const ModuleGraph& graph, const Condensation& components,
                                       const ImportUses& uses) {
  CycleFinder finder(graph, components, uses);
  std::vector<ImportCycle> cycles;
  for (std::uint32_t id = 0; id < components.size(); ++id) {
    if (components[{id}].modules.size() > 1) cycles.push_back(finder.look_at({id}));
  }
  std::stable_sort(cycles.begin(), cycles.end(), [&](const ImportCycle& a, const ImportCycle& b) {
    return components[a.component].modules.size() > components[b.component].modules.size();
  });
  return cycles;
}

}  // namespace graph

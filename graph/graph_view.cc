#include "graph/graph_view.h"

#include <algorithm>
#include <map>
#include <utility>

#include "graph/adjacency.h"
#include "graph/result.h"

namespace graph {
namespace {

class ViewMaker {
 public:
  ViewMaker(const ModuleGraph& graph, const Condensation& components, const ImportUses& uses,
            const ViewOptions& options)
      : graph_(graph),
        components_(components),
        uses_(uses),
        options_(options),
        node_of_(graph.modules.size(), kNone) {
    view_.level = options.level;
    view_.packages = package_tree(graph);
    view_.marked = !options.affected.empty();
  }

  GraphView make() {
    switch (options_.level) {
      case ViewLevel::kModule:
        for (std::uint32_t i = 0; i < graph_.modules.size(); ++i) add_node({{i}});
        break;
      case ViewLevel::kComponent:
        for (const Component& component : components_.components()) add_node(component.modules);
        break;
      case ViewLevel::kPackage:
        add_packages();
        break;
    }
    for (std::uint32_t i = 0; i < view_.nodes.size(); ++i) describe(i);
    add_edges();
    number_cycles();
    return std::move(view_);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  void add_node(std::vector<ModuleId> modules) {
    if (options_.own_only) {
      std::erase_if(modules, [&](ModuleId id) { return graph_[id].ignore_all; });
    }
    if (modules.empty()) return;
    for (const ModuleId id : modules) node_of_[id.value] = static_cast<std::uint32_t>(view_.nodes.size());
    view_.nodes.emplace_back().modules = std::move(modules);
  }

  void add_packages() {
    std::vector<std::vector<ModuleId>> members(view_.packages.packages.size());
    for (std::uint32_t i = 0; i < graph_.modules.size(); ++i) {
      members[view_.packages.of_module[i]].push_back({i});
    }
    for (std::vector<ModuleId>& modules : members) add_node(std::move(modules));
  }

  void describe(std::uint32_t number) {
    ViewNode& node = view_.nodes[number];
    const ModuleId first =
        *std::min_element(node.modules.begin(), node.modules.end(),
                          [&](ModuleId a, ModuleId b) { return graph_[a].name < graph_[b].name; });
    const std::uint32_t package = view_.packages.of_module[first.value];
    if (options_.level == ViewLevel::kPackage) {
      node.name = view_.packages.packages[package].name;
      node.cluster = view_.packages.packages[package].parent;
    } else {
      node.name = graph_[first].name;
      node.cluster = common_package(node.modules);
    }
    for (const ModuleId id : node.modules) {
      node.own = node.own || !graph_[id].ignore_all;
      if (!view_.marked) continue;
      if (options_.changed[id.value]) {
        node.mark = ViewMark::kChanged;
      } else if (options_.affected[id.value]) {
        node.mark = std::max(node.mark, ViewMark::kAffected);
      }
    }
  }

  // The innermost package that holds them all.
  std::uint32_t common_package(const std::vector<ModuleId>& modules) const {
    std::vector<std::uint32_t> common =
        view_.packages.path_to(view_.packages.of_module[modules.front().value]);
    for (const ModuleId id : modules) {
      const std::vector<std::uint32_t> path = view_.packages.path_to(view_.packages.of_module[id.value]);
      const auto end = std::mismatch(common.begin(), common.end(), path.begin(), path.end()).first;
      common.erase(end, common.end());
    }
    return common.empty() ? kNoPackage : common.back();
  }

  void add_edges() {
    // Of the last edge to each node, where it is.
    std::vector<std::size_t> last(view_.nodes.size(), 0);
    for (std::uint32_t from = 0; from < view_.nodes.size(); ++from) {
      const std::size_t begin = view_.edges.size();
      for (const ModuleId id : view_.nodes[from].modules) {
        const std::vector<Dependency>& dependencies = graph_[id].dependencies;
        for (std::size_t d = 0; d < dependencies.size(); ++d) {
          const std::uint32_t to = node_of_[dependencies[d].module.value];
          if (to == kNone || (to == from && options_.level != ViewLevel::kModule)) continue;
          const ImportPlaces& places = uses_[id.value][d];
          const bool known =
              last[to] >= begin && last[to] < view_.edges.size() && view_.edges[last[to]].to == to;
          if (!known) {
            last[to] = view_.edges.size();
            view_.edges.push_back({.from = from, .to = to, .use = places.use, .imports = 0, .lines = {}});
          }
          ViewEdge& edge = view_.edges[last[to]];
          edge.use = std::min(edge.use, places.use);
          ++edge.imports;
          if (options_.level == ViewLevel::kModule) edge.lines = places.lines;
        }
      }
    }
  }

  // Of the whole graph, so that leaving out modules breaks no cycle; packages only become cyclic here.
  void number_cycles() {
    std::vector<std::uint32_t> group(view_.nodes.size());
    std::map<std::uint32_t, std::uint32_t> size;
    if (options_.level == ViewLevel::kPackage) {
      Adjacency edges;
      auto edge = view_.edges.begin();
      for (std::uint32_t from = 0; from < view_.nodes.size(); ++from) {
        for (; edge != view_.edges.end() && edge->from == from; ++edge) edges.add_edge(edge->to);
        edges.end_vertex();
      }
      group = strong_components(edges).of_vertex;
      for (const std::uint32_t one : group) ++size[one];
    } else {
      for (std::uint32_t i = 0; i < group.size(); ++i) {
        group[i] = components_.of(view_.nodes[i].modules.front()).value;
        size[group[i]] = static_cast<std::uint32_t>(components_[{group[i]}].modules.size());
      }
    }
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < group.size(); ++i) {
      if (size[group[i]] < 2) continue;
      view_.nodes[i].cycle =
          numbers.emplace(group[i], static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
    }
    for (ViewEdge& edge : view_.edges) {
      const std::uint32_t cycle = view_.nodes[edge.from].cycle;
      edge.in_cycle = cycle != 0 && edge.from != edge.to && view_.nodes[edge.to].cycle == cycle;
    }
  }

  const ModuleGraph& graph_;
  const Condensation& components_;
  const ImportUses& uses_;
  const ViewOptions& options_;
  std::vector<std::uint32_t> node_of_;  // by ModuleId
  GraphView view_;
};

}  // namespace

GraphView whole_view(const ModuleGraph& graph, const Condensation& components, const ImportUses& uses,
                     const ViewOptions& options) {
  return ViewMaker(graph, components, uses, options).make();
}

GraphView part_of(const GraphView& view, const std::vector<bool>& kept) {
  INVARIANT(kept.size() == view.nodes.size(), "a part names each node of its view");
  GraphView part{
      .level = view.level, .nodes = {}, .edges = {}, .packages = view.packages, .marked = view.marked};
  std::vector<std::uint32_t> number(view.nodes.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    number[i] = static_cast<std::uint32_t>(part.nodes.size());
    if (kept[i]) part.nodes.push_back(view.nodes[i]);
  }
  for (const ViewEdge& edge : view.edges) {
    if (!kept[edge.from] || !kept[edge.to]) continue;
    part.edges.push_back(edge);
    part.edges.back().from = number[edge.from];
    part.edges.back().to = number[edge.to];
  }
  return part;
}

std::string portable_path(const Module& module) {
  constexpr std::string_view kRoot = "@root/";
  if (module.canonical_path.empty()) return module.path;
  if (module.canonical_path.starts_with(kRoot)) return module.canonical_path.substr(kRoot.size());
  return module.canonical_path;
}

}  // namespace graph

#include "graph/view_query.h"

#include <algorithm>
#include <deque>
#include <limits>

#include "graph/result.h"

namespace graph {
namespace {

constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

using Rows = std::vector<std::vector<std::uint32_t>>;

Rows targets_of(const GraphView& view) {
  Rows rows(view.nodes.size());
  for (const ViewEdge& edge : view.edges) rows[edge.from].push_back(edge.to);
  return rows;
}

Rows sources_of(const GraphView& view) {
  Rows rows(view.nodes.size());
  for (const ViewEdge& edge : view.edges) rows[edge.to].push_back(edge.from);
  return rows;
}

// Adds what at most `depth` steps lead to.
void reach(const Rows& rows, const std::vector<std::uint32_t>& starts, std::uint32_t depth,
           std::vector<bool>& reached) {
  std::vector<bool> seen(rows.size(), false);
  std::deque<std::pair<std::uint32_t, std::uint32_t>> open;
  const auto visit = [&](std::uint32_t node, std::uint32_t distance) {
    if (seen[node]) return;
    seen[node] = reached[node] = true;
    open.emplace_back(node, distance);
  };
  for (const std::uint32_t start : starts) visit(start, 0);
  for (; !open.empty(); open.pop_front()) {
    const auto [node, distance] = open.front();
    if (distance == depth) continue;
    for (const std::uint32_t next : rows[node]) visit(next, distance + 1);
  }
}

}  // namespace

ViewNames::ViewNames(const GraphView& view, const ModuleGraph& graph) {
  for (std::uint32_t i = 0; i < view.nodes.size(); ++i) {
    names_.emplace_back(view.nodes[i].name, i);
    for (const ModuleId id : view.nodes[i].modules) names_.emplace_back(graph[id].name, i);
  }
  std::stable_sort(names_.begin(), names_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  names_.erase(std::unique(names_.begin(), names_.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; }),
               names_.end());
}

std::optional<std::uint32_t> ViewNames::find(const std::string& name) const {
  const auto it =
      std::lower_bound(names_.begin(), names_.end(), name,
                       [](const auto& known, const std::string& wanted) { return known.first < wanted; });
  if (it == names_.end() || it->first != name) return std::nullopt;
  return it->second;
}

std::vector<std::string> ViewNames::all() const {
  std::vector<std::string> all;
  for (const auto& [name, node] : names_) all.push_back(name);
  return all;
}

std::optional<GraphView> shortest_chain(const GraphView& view, std::uint32_t from, std::uint32_t to) {
  std::vector<std::vector<std::uint32_t>> leaving(view.nodes.size());  // edges by their start
  for (std::uint32_t i = 0; i < view.edges.size(); ++i) leaving[view.edges[i].from].push_back(i);
  constexpr std::uint32_t kUnseen = 0xffffffff;
  std::vector<std::uint32_t> entered(view.nodes.size(), kUnseen);  // by which edge
  std::vector<std::uint32_t> open{from};
  for (std::size_t i = 0; i < open.size() && entered[to] == kUnseen && from != to; ++i) {
    for (const std::uint32_t edge : leaving[open[i]]) {
      const std::uint32_t next = view.edges[edge].to;
      if (next == from || entered[next] != kUnseen) continue;
      entered[next] = edge;
      open.push_back(next);
    }
  }
  if (from != to && entered[to] == kUnseen) return std::nullopt;
  std::vector<std::uint32_t> edges;  // backwards
  for (std::uint32_t node = to; node != from; node = view.edges[edges.back()].from)
    edges.push_back(entered[node]);
  GraphView chain{
      .level = view.level, .nodes = {}, .edges = {}, .packages = view.packages, .marked = view.marked};
  chain.nodes.push_back(view.nodes[from]);
  for (std::size_t i = edges.size(); i-- > 0;) {
    const auto place = static_cast<std::uint32_t>(chain.nodes.size());
    chain.edges.push_back(view.edges[edges[i]]);
    chain.edges.back().from = place - 1;
    chain.edges.back().to = place;
    chain.nodes.push_back(view.nodes[view.edges[edges[i]].to]);
  }
  return chain;
}

std::vector<bool> select_nodes(const GraphView& view, const ViewNames& names, const ViewQuery& query) {
  const auto nodes_of = [&](const std::vector<std::string>& wanted) {
    std::vector<std::uint32_t> nodes;
    for (const std::string& name : wanted) {
      const auto node = names.find(name);
      INVARIANT(node.has_value(), "a query is looked up before it is run");
      nodes.push_back(*node);
    }
    return nodes;
  };
  std::vector<bool> selected(view.nodes.size(), true);
  const auto restrict_to = [&](const std::vector<bool>& part) {
    for (std::size_t i = 0; i < selected.size(); ++i) selected[i] = selected[i] && part[i];
  };
  if (!query.focus.empty()) {
    std::vector<bool> near(selected.size(), false);
    reach(targets_of(view), nodes_of(query.focus), query.depth.value_or(1), near);
    reach(sources_of(view), nodes_of(query.focus), query.depth.value_or(1), near);
    restrict_to(near);
  }
  if (!query.dependents_of.empty()) {
    std::vector<bool> above(selected.size(), false);
    reach(sources_of(view), nodes_of(query.dependents_of), query.depth.value_or(kUnlimited), above);
    restrict_to(above);
  }
  if (!query.dependencies_of.empty()) {
    std::vector<bool> below(selected.size(), false);
    reach(targets_of(view), nodes_of(query.dependencies_of), query.depth.value_or(kUnlimited), below);
    restrict_to(below);
  }
  return selected;
}

}  // namespace graph

#include "graph/cut_order.h"

#include <algorithm>
#include <queue>
#include <tuple>

#include "graph/adjacency.h"

namespace graph {
namespace {

class Rebuilt {
 public:
  explicit Rebuilt(std::uint32_t vertices)
      : targets_(vertices), sources_(vertices), reached_(vertices, 0), both_(vertices, 0) {}

  void add(const WeightedArc& arc) {
    targets_[arc.from].push_back(arc.to);
    sources_[arc.to].push_back(arc.from);
  }

  // How many vertices would be in the component that the arc closes: all on paths from its end to its start.
  std::uint32_t component_closed_by(const WeightedArc& arc) {
    ++stamp_;
    mark(targets_, arc.to, reached_, [](std::uint32_t) { return true; });
    if (reached_[arc.from] != stamp_) return 1;
    return mark(sources_, arc.from, both_, [this](std::uint32_t v) { return reached_[v] == stamp_; });
  }

 private:
  using Rows = std::vector<std::vector<std::uint32_t>>;

  template <typename Allowed>
  std::uint32_t mark(const Rows& rows, std::uint32_t start, std::vector<std::uint32_t>& stamps,
                     const Allowed& allowed) {
    open_.assign(1, start);
    stamps[start] = stamp_;
    std::uint32_t count = 1;
    while (!open_.empty()) {
      const std::uint32_t vertex = open_.back();
      open_.pop_back();
      for (const std::uint32_t next : rows[vertex]) {
        if (stamps[next] == stamp_ || !allowed(next)) continue;
        stamps[next] = stamp_;
        ++count;
        open_.push_back(next);
      }
    }
    return count;
  }

  Rows targets_;
  Rows sources_;
  std::vector<std::uint32_t> reached_;
  std::vector<std::uint32_t> both_;
  std::vector<std::uint32_t> open_;
  std::uint32_t stamp_ = 0;
};

std::uint32_t largest_component(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                                const std::vector<bool>& removed) {
  std::vector<std::vector<std::uint32_t>> rows(vertices);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (!removed[i]) rows[arcs[i].from].push_back(arcs[i].to);
  }
  Adjacency rest;
  for (const std::vector<std::uint32_t>& row : rows) {
    for (const std::uint32_t target : row) rest.add_edge(target);
    rest.end_vertex();
  }
  std::size_t largest = 0;
  for (const auto& members : strong_components(rest).members) largest = std::max(largest, members.size());
  return static_cast<std::uint32_t>(largest);
}

}  // namespace

std::vector<CutStep> cut_order(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                               std::span<const std::uint32_t> cut) {
  std::vector<bool> removed(arcs.size(), false);
  for (const std::uint32_t arc : cut) removed[arc] = true;
  Rebuilt graph(vertices);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (!removed[i]) graph.add(arcs[i]);
  }
  std::uint32_t largest = largest_component(vertices, arcs, removed);
  // Components only grow, so what an arc would close is at least what it was when last looked at.
  using Candidate = std::tuple<std::uint32_t, std::int64_t, std::uint32_t>;  // component, lightness, arc
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> open;
  const auto candidate = [&](std::uint32_t arc) {
    return Candidate(graph.component_closed_by(arcs[arc]), -static_cast<std::int64_t>(arcs[arc].weight), arc);
  };
  for (const std::uint32_t arc : cut) open.push(candidate(arc));
  std::vector<CutStep> steps;
  while (!open.empty()) {
    const std::uint32_t arc = std::get<2>(open.top());
    open.pop();
    const Candidate now = candidate(arc);
    if (!open.empty() && open.top() < now) {
      open.push(now);
      continue;
    }
    steps.push_back({arc, largest});
    largest = std::max(largest, std::get<0>(now));
    graph.add(arcs[arc]);
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

}  // namespace graph

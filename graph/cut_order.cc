#include "graph/cut_order.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace graph {
namespace {

// From how many visited arcs on the order may be less than the best: the cut of a huge cycle is not worth
// minutes.
constexpr std::size_t kPatience = 100'000'000;

// The graph while arcs are put back.
class Rebuilt {
 public:
  explicit Rebuilt(std::uint32_t vertices)
      : targets_(vertices),
        sources_(vertices),
        reached_(vertices, 0),
        both_(vertices, 0),
        component_(vertices, 0) {}

  void add(const WeightedArc& arc) {
    targets_[arc.from].push_back(arc.to);
    sources_[arc.to].push_back(arc.from);
  }

  // How many vertices would be in the component that the arc closes: all on paths from its end to its start.
  std::uint32_t component_closed_by(const WeightedArc& arc) {
    closed_.clear();
    const std::uint32_t component = component_[arc.from];
    if (component != 0 && component == component_[arc.to]) return sizes_[component - 1];
    ++stamp_;
    mark(targets_, arc.to, reached_, [](std::uint32_t) { return true; });
    if (reached_[arc.from] == stamp_) {
      mark(sources_, arc.from, both_, [this](std::uint32_t v) { return reached_[v] == stamp_; });
      closed_ = open_;
    }
    return std::max(static_cast<std::uint32_t>(closed_.size()), 1U);
  }

  // The arc that was looked at last.
  void put_back(const WeightedArc& arc) {
    add(arc);
    if (closed_.empty()) return;
    sizes_.push_back(static_cast<std::uint32_t>(closed_.size()));
    for (const std::uint32_t vertex : closed_) component_[vertex] = static_cast<std::uint32_t>(sizes_.size());
  }

  std::size_t visited() const { return visited_; }

 private:
  using Rows = std::vector<std::vector<std::uint32_t>>;

  // Leaves what it marked in open_.
  template <typename Allowed>
  void mark(const Rows& rows, std::uint32_t start, std::vector<std::uint32_t>& stamps,
            const Allowed& allowed) {
    open_.assign(1, start);
    stamps[start] = stamp_;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      visited_ += rows[open_[i]].size();
      for (const std::uint32_t next : rows[open_[i]]) {
        if (stamps[next] == stamp_ || !allowed(next)) continue;
        stamps[next] = stamp_;
        open_.push_back(next);
      }
    }
  }

  Rows targets_;
  Rows sources_;
  std::vector<std::uint32_t> reached_;
  std::vector<std::uint32_t> both_;
  std::vector<std::uint32_t> open_;
  std::uint32_t stamp_ = 0;
  std::size_t visited_ = 0;
  std::vector<std::uint32_t> closed_;     // the component that the last arc would close, if it is a new one
  std::vector<std::uint32_t> component_;  // by vertex: that it was last closed into, from 1; 0: none
  std::vector<std::uint32_t> sizes_;      // of components
};

std::uint32_t largest_component(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                                const std::vector<bool>& removed) {
  const Adjacency rest = graph_of_arcs(vertices, arcs, [&](std::size_t i) { return !removed[i]; });
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
  for (const std::uint32_t arc : cut) {
    open.push(graph.visited() < kPatience ? candidate(arc) : Candidate(0, 0, arc));
  }
  std::vector<CutStep> steps;
  while (!open.empty()) {
    const std::uint32_t arc = std::get<2>(open.top());
    open.pop();
    const Candidate now = candidate(arc);
    if (graph.visited() < kPatience && !open.empty() && open.top() < now) {
      open.push(now);
      continue;
    }
    steps.push_back({arc, largest});
    largest = std::max(largest, std::get<0>(now));
    graph.put_back(arcs[arc]);
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

}  // namespace graph

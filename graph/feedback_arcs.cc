#include "graph/feedback_arcs.h"

#include <algorithm>
#include <numeric>

#include "graph/vertex_order.h"

namespace graph {
namespace {

// A graph that stays without cycles while arcs are put in.
class AcyclicGraph {
 public:
  explicit AcyclicGraph(std::uint32_t vertices) : targets_(vertices), seen_(vertices, 0) {}

  void add(std::uint32_t from, std::uint32_t to) { targets_[from].push_back(to); }
  bool add_unless_cyclic(std::uint32_t from, std::uint32_t to) {
    if (reaches(to, from)) return false;
    add(from, to);
    return true;
  }

 private:
  bool reaches(std::uint32_t from, std::uint32_t to) {
    ++stamp_;
    open_.assign(1, from);
    seen_[from] = stamp_;
    while (!open_.empty()) {
      const std::uint32_t vertex = open_.back();
      open_.pop_back();
      if (vertex == to) return true;
      for (const std::uint32_t next : targets_[vertex]) {
        if (seen_[next] == stamp_) continue;
        seen_[next] = stamp_;
        open_.push_back(next);
      }
    }
    return false;
  }

  std::vector<std::vector<std::uint32_t>> targets_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> open_;
};

// Vertices that fixed arcs tie together count as one.
StrongComponents tied_together(std::uint32_t vertices, std::span<const WeightedArc> arcs) {
  return strong_components(graph_of_arcs(vertices, arcs, [&](std::size_t i) { return arcs[i].fixed; }));
}

}  // namespace

Adjacency graph_of_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs,
                        const std::function<bool(std::size_t)>& is_kept) {
  std::vector<std::vector<std::uint32_t>> rows(vertices);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (is_kept(i)) rows[arcs[i].from].push_back(arcs[i].to);
  }
  Adjacency graph;
  for (const std::vector<std::uint32_t>& row : rows) {
    for (const std::uint32_t target : row) graph.add_edge(target);
    graph.end_vertex();
  }
  return graph;
}

FeedbackArcs feedback_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs) {
  FeedbackArcs result;
  const StrongComponents groups = tied_together(vertices, arcs);
  result.breaks_all = groups.size() == vertices;
  std::vector<WeightedArc> between;
  std::vector<std::uint32_t> index;
  for (std::uint32_t i = 0; i < arcs.size(); ++i) {
    const WeightedArc& arc = arcs[i];
    if (arc.from == arc.to) continue;
    const std::uint32_t from = groups.of_vertex[arc.from];
    const std::uint32_t to = groups.of_vertex[arc.to];
    if (from == to) continue;  // its removal would part nothing
    between.push_back({from, to, arc.weight, arc.fixed});
    index.push_back(i);
  }
  const std::vector<std::uint32_t> place = few_backward_arcs(groups.size(), between);
  const auto is_backward = [&](std::uint32_t i) { return place[between[i].from] > place[between[i].to]; };
  // Fixed arcs have no cycles among the groups; if the order goes against one of them, each of the others
  // has to be looked at.
  bool looks_at_all = false;
  for (std::uint32_t i = 0; i < between.size(); ++i) looks_at_all |= between[i].fixed && is_backward(i);
  std::vector<std::uint32_t> sequence(between.size());
  std::iota(sequence.begin(), sequence.end(), 0U);
  const auto rank = [&](std::uint32_t i) { return between[i].fixed ? 0 : is_backward(i) ? 2 : 1; };
  std::stable_sort(sequence.begin(), sequence.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return between[a].weight > between[b].weight;
  });
  AcyclicGraph kept(groups.size());
  for (const std::uint32_t i : sequence) {
    const WeightedArc& arc = between[i];
    if (arc.fixed || (!looks_at_all && !is_backward(i))) {
      kept.add(arc.from, arc.to);
    } else if (!kept.add_unless_cyclic(arc.from, arc.to)) {
      result.arcs.push_back(index[i]);
    }
  }
  std::sort(result.arcs.begin(), result.arcs.end());
  return result;
}

}  // namespace graph

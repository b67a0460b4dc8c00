// Which arcs have to go so that no cycle is left.
#include "graph/feedback_arcs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "graph/adjacency.h"
#include "graph/cut_order.h"

namespace {

using graph::WeightedArc;
using Arcs = std::vector<WeightedArc>;

std::vector<std::vector<std::uint32_t>> components_without(std::uint32_t vertices, const Arcs& arcs,
                                                           const std::vector<std::uint32_t>& removed) {
  std::vector<std::vector<std::uint32_t>> rows(vertices);
  for (std::uint32_t i = 0; i < arcs.size(); ++i) {
    if (std::find(removed.begin(), removed.end(), i) == removed.end())
      rows[arcs[i].from].push_back(arcs[i].to);
  }
  graph::Adjacency rest;
  for (const auto& row : rows) {
    for (const std::uint32_t target : row) rest.add_edge(target);
    rest.end_vertex();
  }
  return graph::strong_components(rest).members;
}

std::uint32_t largest_without(std::uint32_t vertices, const Arcs& arcs,
                              const std::vector<std::uint32_t>& removed) {
  std::size_t largest = 0;
  for (const auto& members : components_without(vertices, arcs, removed))
    largest = std::max(largest, members.size());
  return static_cast<std::uint32_t>(largest);
}

Arcs random_arcs(std::mt19937& random, std::uint32_t vertices, std::uint32_t count) {
  Arcs arcs;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto from = static_cast<std::uint32_t>(random() % vertices);
    const auto to = static_cast<std::uint32_t>(random() % vertices);
    if (from != to) arcs.push_back({from, to, 1 + static_cast<std::uint32_t>(random() % 6)});
  }
  return arcs;
}

std::uint64_t weight(const Arcs& arcs, const std::vector<std::uint32_t>& chosen) {
  std::uint64_t sum = 0;
  for (const std::uint32_t arc : chosen) sum += arcs[arc].weight;
  return sum;
}

// The least weight there is, by dynamic programming over the sets of vertices that come first.
std::uint64_t least_weight(std::uint32_t vertices, const Arcs& arcs) {
  std::vector<std::uint64_t> best(std::size_t{1} << vertices, ~std::uint64_t{0});
  best[0] = 0;
  for (std::uint32_t set = 0; set + 1 < best.size(); ++set) {
    for (std::uint32_t next = 0; next < vertices; ++next) {
      if ((set >> next & 1) != 0) continue;
      std::uint64_t cost = best[set];
      for (const WeightedArc& arc : arcs) {
        if (arc.from == next && (set >> arc.to & 1) != 0) cost += arc.weight;
      }
      std::uint64_t& known = best[set | (1U << next)];
      known = std::min(known, cost);
    }
  }
  return best.back();
}

}  // namespace

TEST_CASE("without a cycle nothing has to be removed") {
  const Arcs chain = {{0, 1}, {1, 2}, {0, 2}, {0, 0}};
  CHECK(graph::feedback_arcs(3, chain).arcs.empty());
  CHECK(graph::feedback_arcs(0, {}).arcs.empty());
}

TEST_CASE("the lightest arc of a cycle is removed") {
  const Arcs ring = {{0, 1, 5}, {1, 2, 2}, {2, 0, 5}};
  CHECK(graph::feedback_arcs(3, ring).arcs == std::vector<std::uint32_t>{1});
}

TEST_CASE("one heavy arc that all cycles share is cheaper than many light ones") {
  const Arcs arcs = {{0, 1, 3}, {1, 2, 2}, {2, 0, 2}, {1, 3, 2}, {3, 0, 2}, {1, 4, 2}, {4, 0, 2}};
  CHECK(graph::feedback_arcs(5, arcs).arcs == std::vector<std::uint32_t>{0});
}

TEST_CASE("a fixed arc stays, however light") {
  const Arcs ring = {{0, 1, 5}, {1, 2, 1, true}, {2, 0, 7}};
  const graph::FeedbackArcs found = graph::feedback_arcs(3, ring);
  CHECK(found.arcs == std::vector<std::uint32_t>{0});
  CHECK(found.breaks_all);
}

TEST_CASE("a cycle of fixed arcs remains, all others are broken") {
  const Arcs arcs = {{0, 1, 1, true}, {1, 0, 1, true}, {0, 1, 4}, {1, 2, 3}, {2, 0, 4}};
  const graph::FeedbackArcs found = graph::feedback_arcs(3, arcs);
  CHECK_FALSE(found.breaks_all);
  CHECK(found.arcs == std::vector<std::uint32_t>{3});
  CHECK(components_without(3, arcs, found.arcs).size() == 2);
}

TEST_CASE("what is removed leaves no cycle, and none of it could stay") {
  std::mt19937 random(8);
  for (int round = 0; round < 60; ++round) {
    const auto vertices = static_cast<std::uint32_t>(2 + random() % 40);
    Arcs arcs = random_arcs(random, vertices, vertices * (1 + static_cast<std::uint32_t>(random() % 4)));
    for (WeightedArc& arc : arcs) arc.fixed = round % 3 == 0 && random() % 8 == 0;
    const graph::FeedbackArcs found = graph::feedback_arcs(vertices, arcs);
    const std::uint32_t left = largest_without(vertices, arcs, found.arcs);
    CHECK((left == 1) == found.breaks_all);
    const std::size_t parts = components_without(vertices, arcs, found.arcs).size();
    for (const std::uint32_t arc : found.arcs) {
      CHECK_FALSE(arcs[arc].fixed);
      std::vector<std::uint32_t> others = found.arcs;
      std::erase(others, arc);
      CHECK(components_without(vertices, arcs, others).size() < parts);
    }
    CHECK(graph::feedback_arcs(vertices, arcs).arcs == found.arcs);
  }
}

TEST_CASE("on small graphs it is the least weight there is") {
  std::mt19937 random(1993);
  for (int round = 0; round < 60; ++round) {
    const auto vertices = static_cast<std::uint32_t>(3 + random() % 7);
    const Arcs arcs = random_arcs(random, vertices, vertices * 3);
    CHECK(weight(arcs, graph::feedback_arcs(vertices, arcs).arcs) == least_weight(vertices, arcs));
  }
}

TEST_CASE("the order of a cut says how large the largest cycle is after each step") {
  std::mt19937 random(20);
  for (int round = 0; round < 30; ++round) {
    const auto vertices = static_cast<std::uint32_t>(3 + random() % 30);
    const Arcs arcs = random_arcs(random, vertices, vertices * 3);
    const std::vector<std::uint32_t> cut = graph::feedback_arcs(vertices, arcs).arcs;
    const std::vector<graph::CutStep> steps = graph::cut_order(vertices, arcs, cut);
    std::vector<std::uint32_t> removed;
    for (const graph::CutStep& step : steps) {
      removed.push_back(step.arc);
      CHECK(step.left == largest_without(vertices, arcs, removed));
    }
    std::sort(removed.begin(), removed.end());
    CHECK(removed == cut);
  }
}

TEST_CASE("the largest cycle is broken first") {
  // A ring of six, and a pair that hangs on it.
  const Arcs arcs = {{6, 5}, {5, 6}, {0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}};
  const std::vector<graph::CutStep> steps = graph::cut_order(7, arcs, std::vector<std::uint32_t>{0, 4});
  CHECK(steps == std::vector<graph::CutStep>{{4, 2}, {0, 1}});
}

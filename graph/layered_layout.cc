#include "graph/layered_layout.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace graph {
namespace {

constexpr int kSweeps = 4;
constexpr double kGap = 2;  // between layers
constexpr double kFewestRows = 12;

class Layout {
 public:
  Layout(const Adjacency& edges, std::span<const std::uint32_t> layers)
      : below_(edges.size()), above_(edges.size()), places_(edges.size()) {
    const std::uint32_t count = edges.size();
    for (std::uint32_t vertex = 0; vertex < count; ++vertex) {
      if (layers[vertex] >= layers_.size()) layers_.resize(layers[vertex] + 1);
      layers_[layers[vertex]].push_back(vertex);
      for (const std::uint32_t target : edges[vertex]) {
        if (layers[target] >= layers[vertex]) continue;
        below_[vertex].push_back(target);
        above_[target].push_back(vertex);
      }
    }
    rows_ = std::max(kFewestRows, std::ceil(std::sqrt(static_cast<double>(count))));
    place_all();
  }

  std::vector<Place> run() {
    std::vector<Place> best = places_;
    double shortest = length();
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (std::size_t i = 1; i < layers_.size(); ++i) order(layers_[i], below_);
      for (std::size_t i = layers_.size(); i-- > 0;) order(layers_[i], above_);
      const double now = length();
      if (now >= shortest) continue;
      shortest = now;
      best = places_;
    }
    return best;
  }

 private:
  using Rows = std::vector<std::vector<std::uint32_t>>;

  double columns(const std::vector<std::uint32_t>& layer) const {
    return std::ceil(static_cast<double>(layer.size()) / rows_);
  }

  void place_all() {
    double left = 0;
    for (const std::vector<std::uint32_t>& layer : layers_) {
      for (const std::uint32_t vertex : layer) places_[vertex].x = left;
      spread(layer);
      left += columns(layer) - 1 + kGap;
    }
  }

  // From top to bottom, row by row.
  void spread(const std::vector<std::uint32_t>& layer) {
    if (layer.empty()) return;
    double left = places_[layer.front()].x;
    for (const std::uint32_t vertex : layer) left = std::min(left, places_[vertex].x);
    const double width = columns(layer);
    const double height = std::ceil(static_cast<double>(layer.size()) / width);
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const double row = std::floor(static_cast<double>(i) / width);
      places_[layer[i]] = {left + static_cast<double>(i) - row * width, row - (height - 1) / 2};
    }
  }

  void order(std::vector<std::uint32_t>& layer, const Rows& neighbours) {
    std::vector<std::pair<double, std::uint32_t>> keyed;
    keyed.reserve(layer.size());
    for (const std::uint32_t vertex : layer) {
      double centre = places_[vertex].y;
      if (!neighbours[vertex].empty()) {
        centre = 0;
        for (const std::uint32_t other : neighbours[vertex]) centre += places_[other].y;
        centre /= static_cast<double>(neighbours[vertex].size());
      }
      keyed.emplace_back(centre, vertex);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = keyed[i].second;
    spread(layer);
  }

  double length() const {
    double sum = 0;
    for (std::uint32_t vertex = 0; vertex < below_.size(); ++vertex) {
      for (const std::uint32_t other : below_[vertex]) sum += std::abs(places_[vertex].y - places_[other].y);
    }
    return sum;
  }

  Rows below_;
  Rows above_;
  Rows layers_;
  std::vector<Place> places_;
  double rows_ = kFewestRows;
};

}  // namespace

std::vector<Place> layered_layout(const Adjacency& edges, std::span<const std::uint32_t> layers) {
  return Layout(edges, layers).run();
}

}  // namespace graph

#include "graph/vertex_order.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace graph {
namespace {

constexpr std::int64_t kFixedWeight = std::int64_t{1} << 40;
// How much the search may do, in steps of a few nanoseconds.
constexpr std::size_t kSearchSteps = 40'000'000;
constexpr std::size_t kFewestShakes = 50;
constexpr std::size_t kMostShakes = 5'000;

// What it gains to have a vertex before its neighbour instead of behind it. Zero sum: the neighbour sees the
// negative.
struct Pull {
  std::uint32_t neighbour = 0;
  std::int64_t gain = 0;
};

// A small generator of our own, so that every library gives the same numbers (SplitMix64, Steele et al.
// 2014).
class Generator {
 public:
  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(next() % limit); }

 private:
  std::uint64_t state_ = 20'261'123;
};

std::int64_t weight_of(const WeightedArc& arc) {
  return arc.fixed ? kFixedWeight : static_cast<std::int64_t>(arc.weight);
}

std::vector<std::vector<Pull>> pulls_of(std::uint32_t vertices, std::span<const WeightedArc> arcs) {
  std::vector<std::vector<Pull>> pulls(vertices);
  for (const WeightedArc& arc : arcs) {
    if (arc.from == arc.to) continue;
    pulls[arc.from].push_back({arc.to, weight_of(arc)});
    pulls[arc.to].push_back({arc.from, -weight_of(arc)});
  }
  for (std::vector<Pull>& row : pulls) {
    std::sort(row.begin(), row.end(), [](const Pull& a, const Pull& b) { return a.neighbour < b.neighbour; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (kept > 0 && row[kept - 1].neighbour == row[i].neighbour) {
        row[kept - 1].gain += row[i].gain;
      } else {
        row[kept++] = row[i];
      }
    }
    row.resize(kept);
    std::erase_if(row, [](const Pull& pull) { return pull.gain == 0; });
  }
  return pulls;
}

// The greedy order of Eades, Lin and Smyth: sinks go to the end, sources to the start, else the vertex whose
// outgoing arcs outweigh its incoming ones most.
std::vector<std::uint32_t> greedy_order(const std::vector<std::vector<Pull>>& pulls) {
  const auto count = static_cast<std::uint32_t>(pulls.size());
  std::vector<std::int64_t> out(count, 0);
  std::vector<std::int64_t> in(count, 0);
  std::vector<bool> placed(count, false);
  // Sources first, then by balance; sinks are taken from a list of their own.
  std::set<std::pair<std::int64_t, std::uint32_t>> open;
  std::deque<std::uint32_t> ends;  // may have become sources or sinks
  const auto key = [&](std::uint32_t vertex) { return std::pair(in[vertex] - out[vertex], vertex); };
  for (std::uint32_t vertex = 0; vertex < count; ++vertex) {
    for (const Pull& pull : pulls[vertex]) (pull.gain > 0 ? out : in)[vertex] += std::abs(pull.gain);
    open.insert(key(vertex));
    if (out[vertex] == 0 || in[vertex] == 0) ends.push_back(vertex);
  }
  std::vector<std::uint32_t> head;
  std::vector<std::uint32_t> tail;
  while (!open.empty()) {
    std::uint32_t vertex = open.begin()->second;
    if (!ends.empty()) {
      vertex = ends.front();
      ends.pop_front();
      if (placed[vertex]) continue;
    }
    placed[vertex] = true;
    (out[vertex] == 0 ? tail : head).push_back(vertex);
    open.erase(key(vertex));
    for (const Pull& pull : pulls[vertex]) {
      const std::uint32_t other = pull.neighbour;
      if (placed[other]) continue;
      open.erase(key(other));
      (pull.gain > 0 ? in : out)[other] -= std::abs(pull.gain);
      open.insert(key(other));
      if (out[other] == 0 || in[other] == 0) ends.push_back(other);
    }
  }
  head.insert(head.end(), tail.rbegin(), tail.rend());
  return head;
}

class Search {
 public:
  Search(const std::vector<std::vector<Pull>>& pulls, std::vector<std::uint32_t> order)
      : pulls_(pulls), order_(std::move(order)), place_(order_.size()), queued_(order_.size(), false) {
    number_places(0, order_.size());
  }

  void run() {
    for (const std::uint32_t vertex : order_) enqueue(vertex);
    settle();
    std::size_t size = order_.size();
    for (const std::vector<Pull>& row : pulls_) size += row.size();
    const std::size_t shakes =
        std::clamp(kSearchSteps / std::max<std::size_t>(size, 1), kFewestShakes, kMostShakes);
    if (order_.size() < 3) return;
    for (std::size_t i = 0; i < shakes; ++i) shake();
  }

  const std::vector<std::uint32_t>& places() const { return place_; }

 private:
  void number_places(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) place_[order_[i]] = static_cast<std::uint32_t>(i);
  }

  void enqueue(std::uint32_t vertex) {
    if (queued_[vertex]) return;
    queued_[vertex] = true;
    queue_.push_back(vertex);
  }

  void move(std::uint32_t vertex, std::uint32_t to) {
    const std::uint32_t from = place_[vertex];
    const auto at = [&](std::uint32_t place) { return order_.begin() + static_cast<std::ptrdiff_t>(place); };
    if (from < to) std::rotate(at(from), at(from + 1), at(to + 1));
    if (to < from) std::rotate(at(to), at(from), at(from + 1));
    number_places(std::min(from, to), std::max(from, to) + 1);
  }

  // The best place for a vertex while all others keep their order, and what moving there gains.
  std::pair<std::uint32_t, std::int64_t> best_place(std::uint32_t vertex) {
    const std::uint32_t own = place_[vertex];
    near_.assign(pulls_[vertex].begin(), pulls_[vertex].end());
    for (Pull& pull : near_) pull.neighbour = place_[pull.neighbour];
    std::sort(near_.begin(), near_.end(),
              [](const Pull& a, const Pull& b) { return a.neighbour < b.neighbour; });
    const auto behind = std::partition_point(near_.begin(), near_.end(),
                                             [&](const Pull& pull) { return pull.neighbour < own; });
    std::pair<std::uint32_t, std::int64_t> best{own, 0};
    std::int64_t gain = 0;
    for (auto it = behind; it != near_.begin();) {
      --it;
      gain += it->gain;
      if (gain > best.second) best = {it->neighbour, gain};
    }
    gain = 0;
    for (auto it = behind; it != near_.end(); ++it) {
      gain -= it->gain;
      if (gain > best.second) best = {it->neighbour, gain};
    }
    return best;
  }

  // Moves queued vertices and their neighbours until none gains by moving.
  std::int64_t settle() {
    std::int64_t gained = 0;
    while (!queue_.empty()) {
      const std::uint32_t vertex = queue_.front();
      queue_.pop_front();
      queued_[vertex] = false;
      const auto [place, gain] = best_place(vertex);
      if (gain == 0) continue;
      gained += gain;
      move(vertex, place);
      for (const Pull& pull : pulls_[vertex]) enqueue(pull.neighbour);
    }
    return gained;
  }

  std::int64_t gain_of_move(std::uint32_t vertex, std::uint32_t to) const {
    const std::uint32_t own = place_[vertex];
    std::int64_t gain = 0;
    for (const Pull& pull : pulls_[vertex]) {
      const std::uint32_t place = place_[pull.neighbour];
      if (to <= place && place < own) gain += pull.gain;
      if (own < place && place <= to) gain -= pull.gain;
    }
    return gain;
  }

  // Puts some vertices somewhere near, settles, and goes back if that was no good.
  void shake() {
    const auto count = static_cast<std::uint32_t>(order_.size());
    const std::vector<std::uint32_t> before = order_;
    std::int64_t gained = 0;
    const std::uint32_t moves = 1 + generator_.below(4);
    for (std::uint32_t i = 0; i < moves; ++i) {
      const std::uint32_t vertex = generator_.below(count);
      const std::uint32_t to = generator_.below(count);
      gained += gain_of_move(vertex, to);
      move(vertex, to);
      enqueue(vertex);
      for (const Pull& pull : pulls_[vertex]) enqueue(pull.neighbour);
    }
    gained += settle();
    if (gained >= 0) return;
    order_ = before;
    number_places(0, order_.size());
  }

  const std::vector<std::vector<Pull>>& pulls_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> place_;
  std::vector<bool> queued_;
  std::deque<std::uint32_t> queue_;
  std::vector<Pull> near_;  // by place, of the vertex in question
  Generator generator_;
};

}  // namespace

std::vector<std::uint32_t> few_backward_arcs(std::uint32_t vertices, std::span<const WeightedArc> arcs) {
  const std::vector<std::vector<Pull>> pulls = pulls_of(vertices, arcs);
  Search search(pulls, greedy_order(pulls));
  search.run();
  return search.places();
}

}  // namespace graph

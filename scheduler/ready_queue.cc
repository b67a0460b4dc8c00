#include "scheduler/ready_queue.h"

#include <algorithm>

namespace scheduler {
namespace {

// A request should carry about this much source: less, and the round trips cost more than the checks; more,
// and the components at its end wait while another worker has nothing to do.
constexpr double kBatchCost = 40'000;
constexpr double kModuleCost = 1'500;
// A worker gets its next request when no more than this is left of the one before.
constexpr double kAheadCost = kBatchCost / 2;
// How many of the next components compete for a place in a batch.
constexpr std::size_t kBatchCandidates = 48;

}  // namespace

CostModel::CostModel(const graph::ModuleGraph& graph, const graph::Condensation& condensation)
    : costs_(condensation.size()), remaining_(condensation.size()) {
  for (std::uint32_t i = 0; i < condensation.size(); ++i) {
    for (const graph::ModuleId module : condensation[{i}].modules) {
      const graph::ScannedFile* file = graph[module].file;
      costs_[i] += kModuleCost + (file == nullptr ? 0.0 : static_cast<double>(file->size));
    }
    total_ += costs_[i];
  }
  for (std::size_t i = condensation.size(); i-- > 0;) {
    double above = 0;
    for (const graph::ComponentId dependent : condensation[{static_cast<std::uint32_t>(i)}].dependents) {
      above = std::max(above, remaining_[dependent.value]);
    }
    remaining_[i] = costs_[i] + above;
    critical_path_ = std::max(critical_path_, remaining_[i]);
  }
}

bool ReadyQueue::Before::operator()(graph::ComponentId a, graph::ComponentId b) const {
  const double path_a = costs->remaining_path(a);
  const double path_b = costs->remaining_path(b);
  if (path_a != path_b) return path_a > path_b;
  return a < b;
}

ReadyQueue::ReadyQueue(const CostModel& costs, const ComponentClosure& closure, std::size_t workers)
    : costs_(costs), closure_(closure), workers_(std::max<std::size_t>(workers, 1)), ready_(Before{&costs}) {}

void ReadyQueue::push(graph::ComponentId id) {
  {
    const std::lock_guard lock(mutex_);
    ready_.insert(id);
    ready_cost_ += costs_.cost(id);
  }
  changed_.notify_all();
}

void ReadyQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

std::vector<graph::ComponentId> ReadyQueue::take(const ComponentSet& loaded, Readiness readiness) {
  const bool started = readiness == Readiness::kStarted;
  std::unique_lock lock(mutex_);
  if (started) ++idle_;
  changed_.wait(lock, [&] { return closed_ || ready_.size() > (started ? 0 : idle_); });
  if (started) --idle_;
  if (ready_.empty()) return {};
  std::vector<graph::ComponentId> batch = take_batch(loaded);
  // What is left may now be more than the idle can take.
  if (!ready_.empty()) changed_.notify_all();
  return batch;
}

std::vector<graph::ComponentId> ReadyQueue::take_ahead(const ComponentSet& loaded,
                                                       const std::vector<graph::ComponentId>& busy) {
  double ahead = 0;
  for (const graph::ComponentId id : busy) ahead += costs_.cost(id);
  if (ahead > kAheadCost) return {};
  const std::lock_guard lock(mutex_);
  // Whoever is free should never look for work that waits behind somebody else's.
  if (ready_cost_ < kBatchCost * static_cast<double>(workers_)) return {};
  return take_batch(loaded);
}

std::size_t ReadyQueue::idle() const {
  const std::lock_guard lock(mutex_);
  return idle_;
}

std::vector<graph::ComponentId> ReadyQueue::take_batch(const ComponentSet& loaded) {
  std::vector<graph::ComponentId> batch;
  // The last components are shared out rather than batched, so that no worker is left with all of them.
  const double budget = std::min(kBatchCost, ready_cost_ / static_cast<double>(workers_));
  const auto add = [&](graph::ComponentId id) {
    batch.push_back(id);
    ready_cost_ -= costs_.cost(id);
    ready_.erase(id);
  };
  double cost = costs_.cost(*ready_.begin());
  add(*ready_.begin());
  if (cost >= budget) return batch;

  struct Candidate {
    std::size_t to_load;
    graph::ComponentId id;
  };
  std::vector<Candidate> candidates;
  for (auto it = ready_.begin(); it != ready_.end() && candidates.size() < kBatchCandidates; ++it) {
    candidates.push_back({closure_[*it].count_outside(loaded), *it});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.to_load < b.to_load; });
  for (const Candidate& candidate : candidates) {
    if (cost + costs_.cost(candidate.id) > budget) continue;
    cost += costs_.cost(candidate.id);
    add(candidate.id);
  }
  return batch;
}

}  // namespace scheduler

#include "scheduler/component_closure.h"

#include <algorithm>
#include <bit>

namespace scheduler {
namespace {

constexpr std::size_t kFew = 32;
constexpr std::size_t kShare = 256;

}  // namespace

ComponentSet::Block& ComponentSet::own(std::shared_ptr<Block>& block) {
  if (block == nullptr) {
    block = std::make_shared<Block>();
  } else if (block.use_count() > 1) {
    block = std::make_shared<Block>(*block);
  }
  return *block;
}

void ComponentSet::insert(graph::ComponentId id) {
  if (contains(id)) return;
  own(blocks_[id.value / kBlockBits])[id.value % kBlockBits / 64] |= std::uint64_t{1} << (id.value % 64);
}

void ComponentSet::merge(const ComponentSet& other) {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const std::shared_ptr<Block>& added = other.blocks_[i];
    std::shared_ptr<Block>& block = blocks_[i];
    if (added == nullptr || added == block) continue;
    bool lacks = block == nullptr;  // whether `added` has members that are not here
    bool exceeds = false;           // and the other way round
    for (std::size_t k = 0; block != nullptr && k < kBlockWords && !(lacks && exceeds); ++k) {
      lacks = lacks || ((*added)[k] & ~(*block)[k]) != 0;
      exceeds = exceeds || ((*block)[k] & ~(*added)[k]) != 0;
    }
    if (!lacks) continue;
    if (!exceeds) {
      block = added;
      continue;
    }
    Block& words = own(block);
    for (std::size_t k = 0; k < kBlockWords; ++k) words[k] |= (*added)[k];
  }
}

void ComponentSet::subtract(const ComponentSet& other) {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i] == nullptr || other.blocks_[i] == nullptr) continue;
    if (blocks_[i] == other.blocks_[i]) {
      blocks_[i] = nullptr;
      continue;
    }
    Block& words = own(blocks_[i]);
    for (std::size_t k = 0; k < kBlockWords; ++k) words[k] &= ~(*other.blocks_[i])[k];
  }
}

std::size_t ComponentSet::size() const {
  std::size_t count = 0;
  for (const std::shared_ptr<Block>& block : blocks_) {
    if (block == nullptr) continue;
    for (const std::uint64_t word : *block) count += static_cast<std::size_t>(std::popcount(word));
  }
  return count;
}

std::size_t ComponentSet::count_outside(const ComponentSet& other) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i] == nullptr || blocks_[i] == other.blocks_[i]) continue;
    for (std::size_t k = 0; k < kBlockWords; ++k) {
      const std::uint64_t taken = other.blocks_[i] == nullptr ? 0 : (*other.blocks_[i])[k];
      count += static_cast<std::size_t>(std::popcount((*blocks_[i])[k] & ~taken));
    }
  }
  return count;
}

std::vector<graph::ComponentId> ComponentSet::members() const {
  std::vector<graph::ComponentId> result;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i] == nullptr) continue;
    for (std::size_t k = 0; k < kBlockWords; ++k) {
      for (std::uint64_t word = (*blocks_[i])[k]; word != 0; word &= word - 1) {
        const std::size_t at = i * kBlockBits + k * 64 + static_cast<std::size_t>(std::countr_zero(word));
        result.push_back({static_cast<std::uint32_t>(at)});
      }
    }
  }
  return result;
}

ComponentClosure::ComponentClosure(const graph::Condensation& condensation) : condensation_(condensation) {}

const ComponentSet& ComponentClosure::find(graph::ComponentId id) const {
  // So many cost about as much on their own as all at once.
  const std::size_t many = std::max(kFew, condensation_.size() / kShare);
  const std::lock_guard lock(mutex_);
  if (const auto found = few_.find(id.value); found != few_.end()) return found->second;
  if (few_.size() < many) return few_.emplace(id.value, reach_from(id)).first->second;
  if (!complete_.load(std::memory_order_relaxed)) complete();
  return all_[id.value];
}

ComponentSet ComponentClosure::reach_from(graph::ComponentId id) const {
  ComponentSet reached(condensation_.size());
  reached.insert(id);
  std::vector<graph::ComponentId> open{id};
  while (!open.empty()) {
    const graph::ComponentId next = open.back();
    open.pop_back();
    for (const graph::ComponentId dependency : condensation_[next].dependencies) {
      if (reached.contains(dependency)) continue;
      reached.insert(dependency);
      open.push_back(dependency);
    }
  }
  return reached;
}

void ComponentClosure::complete() const {
  const std::size_t count = condensation_.size();
  all_.assign(count, ComponentSet(count));
  // Components are numbered dependencies first, so that every dependency's closure is complete already.
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const graph::ComponentId dependency : condensation_[{i}].dependencies) {
      all_[i].merge(all_[dependency.value]);
    }
    all_[i].insert({i});
  }
  complete_.store(true, std::memory_order_release);
}

}  // namespace scheduler

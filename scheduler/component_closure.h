// Which components each component reaches through imports, as one bit set a component.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "graph/condensation.h"

namespace scheduler {

// A set of components. All sets of one condensation have the same width. Bits are kept in blocks that sets
// share as long as they agree on them: closures of neighbours nearly do, so that the closures of a graph of
// 100,000 modules need a part of what as many plain bit sets would. Not to be changed by two threads at once;
// sets that share blocks are still independent of each other.
class ComponentSet {
 public:
  explicit ComponentSet(std::size_t components = 0) : blocks_((components + kBlockBits - 1) / kBlockBits) {}

  bool contains(graph::ComponentId id) const {
    const std::shared_ptr<Block>& block = blocks_[id.value / kBlockBits];
    return block != nullptr && ((*block)[id.value % kBlockBits / 64] >> (id.value % 64) & 1) != 0;
  }
  void insert(graph::ComponentId id);
  void merge(const ComponentSet& other);
  void subtract(const ComponentSet& other);
  std::size_t size() const;
  // How many members are not in `other`.
  std::size_t count_outside(const ComponentSet& other) const;
  // The members in ascending order, which is topological.
  std::vector<graph::ComponentId> members() const;

 private:
  static constexpr std::size_t kBlockBits = 2048;
  static constexpr std::size_t kBlockWords = kBlockBits / 64;
  using Block = std::array<std::uint64_t, kBlockWords>;

  // The block for writing: a copy if another set has it too.
  static Block& own(std::shared_ptr<Block>& block);

  std::vector<std::shared_ptr<Block>> blocks_;  // null: no members
};

// The transitive import closure of every component, itself included. Computed when it is asked for: the first
// few on their own, since after an edit no others are, then all at once. Thread-safe.
class ComponentClosure {
 public:
  // The components must outlive it.
  explicit ComponentClosure(const graph::Condensation& condensation);
  const ComponentSet& operator[](graph::ComponentId id) const {
    return complete_.load(std::memory_order_acquire) ? all_[id.value] : find(id);
  }

 private:
  const ComponentSet& find(graph::ComponentId id) const;
  ComponentSet reach_from(graph::ComponentId id) const;
  void complete() const;

  const graph::Condensation& condensation_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::uint32_t, ComponentSet>
      few_;  // by ComponentId; kept, as others refer to them
  mutable std::vector<ComponentSet> all_;
  mutable std::atomic<bool> complete_ = false;
};

}  // namespace scheduler

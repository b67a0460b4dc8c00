// Which components each component reaches through imports, as one bit set a component.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/condensation.h"

namespace scheduler {

// A set of components. All sets of one condensation have the same width.
class ComponentSet {
 public:
  explicit ComponentSet(std::size_t components = 0) : words_((components + 63) / 64) {}

  bool contains(graph::ComponentId id) const { return (words_[id.value / 64] >> (id.value % 64) & 1) != 0; }
  void insert(graph::ComponentId id) { words_[id.value / 64] |= std::uint64_t{1} << (id.value % 64); }
  void merge(const ComponentSet& other);
  void subtract(const ComponentSet& other);
  std::size_t size() const;
  // The members in ascending order, which is topological.
  std::vector<graph::ComponentId> members() const;

 private:
  std::vector<std::uint64_t> words_;
};

// The transitive import closure of every component, itself included.
class ComponentClosure {
 public:
  explicit ComponentClosure(const graph::Condensation& condensation);
  const ComponentSet& operator[](graph::ComponentId id) const { return closures_[id.value]; }

 private:
  std::vector<ComponentSet> closures_;
};

}  // namespace scheduler

#include "scheduler/component_closure.h"

#include <bit>

namespace scheduler {

void ComponentSet::merge(const ComponentSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void ComponentSet::subtract(const ComponentSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
}

std::size_t ComponentSet::size() const {
  std::size_t count = 0;
  for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

std::vector<graph::ComponentId> ComponentSet::members() const {
  std::vector<graph::ComponentId> result;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
      result.push_back(
          {static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word)))});
    }
  }
  return result;
}

ComponentClosure::ComponentClosure(const graph::Condensation& condensation) {
  const std::size_t count = condensation.size();
  closures_.assign(count, ComponentSet(count));
  // Components are numbered dependencies first, so that every dependency's closure is complete already.
  for (std::uint32_t i = 0; i < count; ++i) {
    closures_[i].insert({i});
    for (const graph::ComponentId dependency : condensation[{i}].dependencies) {
      closures_[i].merge(closures_[dependency.value]);
    }
  }
}

}  // namespace scheduler

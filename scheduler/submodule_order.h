// The modules of a run in an order in which those of one package stand together.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/module_graph.h"

namespace scheduler {

// By the number of the package, then by their own; modules without a package in the run come last. The worker
// makes the same order from the names alone.
class SubmoduleOrder {
 public:
  explicit SubmoduleOrder(const graph::ModuleGraph& graph);

  std::uint32_t place(graph::ModuleId module) const { return places_[module.value]; }
  graph::ModuleId at(std::uint32_t place) const { return modules_[place]; }
  std::size_t size() const { return modules_.size(); }

 private:
  std::vector<graph::ModuleId> modules_;  // by place
  std::vector<std::uint32_t> places_;     // by ModuleId
};

}  // namespace scheduler

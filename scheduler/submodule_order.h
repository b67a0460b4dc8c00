// The modules of a run in an order in which those of one package stand together.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/module_graph.h"

namespace scheduler {

// By the number of the package, then by their own; modules without a package in the run come last.
class SubmoduleOrder {
 public:
  // Where the submodules of a package stand.
  struct Span {
    graph::ModuleId package;
    std::uint32_t begin;
    std::uint32_t end;
  };

  explicit SubmoduleOrder(const graph::ModuleGraph& graph);

  std::uint32_t place(graph::ModuleId module) const { return places_[module.value]; }
  graph::ModuleId at(std::uint32_t place) const { return modules_[place]; }
  std::size_t size() const { return modules_.size(); }
  const std::vector<graph::ModuleId>& modules() const { return modules_; }
  // Of the packages that have submodules.
  const std::vector<Span>& spans() const { return spans_; }

 private:
  std::vector<graph::ModuleId> modules_;  // by place
  std::vector<std::uint32_t> places_;     // by ModuleId
  std::vector<Span> spans_;               // by begin
};

}  // namespace scheduler

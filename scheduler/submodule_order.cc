#include "scheduler/submodule_order.h"

#include <algorithm>
#include <string>

namespace scheduler {

SubmoduleOrder::SubmoduleOrder(const graph::ModuleGraph& graph) : places_(graph.modules.size()) {
  const auto none = static_cast<std::uint32_t>(graph.modules.size());
  std::vector<std::uint32_t> packages(graph.modules.size(), none);
  for (std::uint32_t i = 0; i < none; ++i) {
    modules_.push_back({i});
    const std::string& name = graph.modules[i].name;
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) continue;
    if (const auto package = graph.find(name.substr(0, dot))) packages[i] = package->value;
  }
  std::stable_sort(modules_.begin(), modules_.end(), [&packages](graph::ModuleId a, graph::ModuleId b) {
    return packages[a.value] < packages[b.value];
  });
  for (std::uint32_t place = 0; place < none; ++place) {
    places_[modules_[place].value] = place;
    const graph::ModuleId package{packages[modules_[place].value]};
    if (package.value == none) continue;
    if (spans_.empty() || spans_.back().package != package) spans_.push_back({package, place, place});
    spans_.back().end = place + 1;
  }
}

}  // namespace scheduler

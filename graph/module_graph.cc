#include "graph/module_graph.h"

#include <bit>
#include <functional>
#include <utility>

namespace graph {

std::optional<ModuleId> ModuleGraph::find(std::string_view name) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[slot_of(name)];
  return found == kFree ? std::nullopt : std::optional(ModuleId{found});
}

bool ModuleGraph::add_name(ModuleId id) {
  reserve_names(named_ + 1);
  std::uint32_t& slot = slots_[slot_of(modules[id.value].name)];
  if (slot != kFree) return slot == id.value;
  slot = id.value;
  ++named_;
  return true;
}

void ModuleGraph::reserve_names(std::size_t count) {
  if (slots_.size() >= 2 * count) return;
  const std::vector<std::uint32_t> before =
      std::exchange(slots_, std::vector<std::uint32_t>(std::bit_ceil(4 * count), kFree));
  for (const std::uint32_t id : before) {
    if (id != kFree) slots_[slot_of(modules[id].name)] = id;
  }
}

// Where the name is, or where it belongs.
std::size_t ModuleGraph::slot_of(std::string_view name) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<std::string_view>()(name) & mask;
  while (slots_[at] != kFree && modules[slots_[at]].name != name) at = (at + 1) & mask;
  return at;
}

}  // namespace graph

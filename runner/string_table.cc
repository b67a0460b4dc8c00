#include "runner/string_table.h"

#include <bit>
#include <functional>

namespace runner {

std::uint32_t StringTable::intern(std::string_view text) {
  if (slots_.size() < strings_.size() * 2 + 2) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(text) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (strings_[slots_[slot] - 1] == text) return slots_[slot] - 1;
  }
  strings_.push_back(own_.emplace_back(text));
  slots_[slot] = static_cast<std::uint32_t>(strings_.size());
  return slots_[slot] - 1;
}

void StringTable::grow() {
  slots_.assign(std::bit_ceil(strings_.size() * 4 + 64), 0);
  for (std::uint32_t id = 0; id < strings_.size(); ++id) place(id);
}

void StringTable::place(std::uint32_t id) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(strings_[id]) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = id + 1;
}

}  // namespace runner

// What the disk did to a run beside its answer, said once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/state_directory.h"

namespace runner {

struct DiskReport {
  std::vector<std::string> troubles;  // why something is not kept
  std::uint64_t damaged_in_store = 0;
  std::uint64_t damaged_in_state = 0;  // the checkout's state directory

  // What there is to say of the state directory up to now, and a trouble of one of its files (empty: none).
  void note(const StateDirectory& state, const std::string& trouble);
};

// One line for all troubles and all damage; nothing if there was none.
std::optional<std::string> warning_of(const DiskReport& report);

}  // namespace runner

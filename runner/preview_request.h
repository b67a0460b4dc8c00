// What a command that only looks is told: which check it is about.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace runner {

struct PreviewRequest {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;  // directory; default_store_directory() otherwise
};

}  // namespace runner

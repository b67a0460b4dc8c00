// `typewave explain`: why a module was checked or reused, or would be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace runner {

struct ExplainOptions {
  std::vector<std::string> mypy_arguments;  // those of the last run here when there are none
  std::optional<std::string> python;
  std::optional<std::string> store;
  std::optional<std::string> module;  // a name, or the path of a file
  std::optional<std::size_t> slowest;
  std::optional<std::size_t> most_rechecked;
  bool json = false;
};

int run_explain(const ExplainOptions& options);

}  // namespace runner

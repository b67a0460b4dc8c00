// `typewave waves`: the waves of a graph, its critical path, and what more processors could bring.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace runner {

struct WavesOptions {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;
  bool json = false;
};

int run_waves(const WavesOptions& options);

}  // namespace runner

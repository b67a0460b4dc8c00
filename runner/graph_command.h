// `typewave graph`: writes the module graph and its components.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace runner {

enum class GraphFormat { kDot, kJson };

struct GraphOptions {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;
  GraphFormat format = GraphFormat::kJson;
  std::optional<std::string> output;  // standard output otherwise
};

int run_graph(const GraphOptions& options);

}  // namespace runner

// `typewave graph`: writes the import graph, or a part of it, for people and other programs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/view_query.h"

namespace runner {

enum class GraphFormat { kDot, kJson, kGraphml, kMermaid, kHtml, kText };

struct GraphOptions {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;
  GraphFormat format = GraphFormat::kJson;
  std::optional<std::string> output;  // standard output otherwise
  std::optional<graph::ViewLevel> level;
  bool own_only = false;
  graph::ViewQuery query;
  std::optional<std::pair<std::string, std::string>> path;
  std::optional<std::string> affected_since;
};

int run_graph(const GraphOptions& options);

}  // namespace runner

// `typewave graph`: writes the import graph, or a part of it, for people and other programs.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "graph/view_query.h"
#include "runner/preview_request.h"

namespace runner {

enum class GraphFormat { kDot, kJson, kGraphml, kMermaid, kHtml, kText };

struct GraphOptions {
  PreviewRequest about;
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

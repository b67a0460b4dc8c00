// Module graphs written in one line, for tests: "a -> b c/20; b -> a".
#pragma once

#include <string>
#include <string_view>

#include "graph/condensation.h"
#include "graph/module_graph.h"

namespace support {

// Modules in order of first mention, which is also their load order; an import of priority 5 unless said.
graph::ModuleGraph graph_from_text(std::string_view text);
// Components in processing order: "c | b a".
std::string text_of(const graph::ModuleGraph& graph, const graph::Condensation& components);

}  // namespace support

// How nodes and edges of a graph view are called in texts that people and other programs read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/graph_view.h"

namespace runner {

// By node: visible text on one line, different for each. A cycle has the name of one module and the number of
// the others.
std::vector<std::string> node_words(const graph::GraphView& view);

// "run-time", "function", "type-checking", "implied".
std::string_view use_word(graph::ImportUse use);
// "changed", "affected" or nothing.
std::string_view mark_word(graph::ViewMark mark);
// "1,7"
std::string lines_word(const std::vector<std::uint32_t>& lines);

// "1 module", "2 modules", with commas between thousands.
std::string counted(std::size_t count, const std::string& noun);

}  // namespace runner

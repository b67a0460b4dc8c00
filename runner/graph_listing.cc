// A graph as a list for people.
#include "runner/graph_writers.h"
#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

std::string node_line(const ShownGraph& shown, const graph::ViewNode& node, const std::string& name) {
  const graph::ViewLevel level = shown.view.level;
  std::string line = name;
  if (level == graph::ViewLevel::kModule) {
    line += " (" + shown_line(graph::portable_path(shown.graph[node.modules.front()])) + ")";
  }
  if (level == graph::ViewLevel::kPackage) line += " (" + counted(node.modules.size(), "module") + ")";
  if (node.cycle != 0 && level != graph::ViewLevel::kComponent) {
    line += ", in import cycle " + std::to_string(node.cycle);
  }
  if (!node.own) line += ", not own";
  if (node.mark != graph::ViewMark::kNone) line += ", " + std::string(mark_word(node.mark));
  return line + "\n";
}

std::string edge_line(const ShownGraph& shown, const graph::ViewEdge& edge, const std::string& name) {
  std::string line = "  imports " + name;
  if (shown.view.level != graph::ViewLevel::kModule) {
    line += " (" + counted(edge.imports, "import") + ")";
  } else if (!edge.lines.empty()) {
    line += (edge.lines.size() == 1 ? " in line " : " in lines ") + lines_word(edge.lines);
  }
  if (edge.use == graph::ImportUse::kTypeChecking) line += ", for type checkers only";
  if (edge.use == graph::ImportUse::kFunction) line += ", inside of a function";
  if (edge.use == graph::ImportUse::kImplied) line += ", implied";
  if (edge.in_cycle) line += ", in the cycle";
  return line + "\n";
}

}  // namespace

std::string graph_listing(const ShownGraph& shown) {
  const std::vector<std::string> names = node_words(shown.view);
  std::string text;
  auto edge = shown.view.edges.begin();
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    text += node_line(shown, shown.view.nodes[i], names[i]);
    for (; edge != shown.view.edges.end() && edge->from == i; ++edge) {
      text += edge_line(shown, *edge, names[edge->to]);
    }
  }
  return text;
}

}  // namespace runner

// A graph for Graphviz.
#include "runner/cluster_tree.h"
#include "runner/graph_writers.h"
#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

// Visible text in quotes that shows as itself: labels know escapes and entities.
std::string quoted(const std::string& text) {
  std::string dot = "\"";
  for (const char c : text) {
    if (c == '"') dot += '\\';
    if (c == '\\') dot += '\\';
    dot += c;
    if (c == '&') dot += "amp;";
  }
  return dot + '"';
}

std::string attributes(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text.empty() ? "" : " [" + text + "]";
}

std::string node_attributes(const graph::ViewNode& node) {
  std::vector<std::string> all;
  std::string style;
  if (node.mark != graph::ViewMark::kNone) style = "filled";
  if (!node.own) style += style.empty() ? "dashed" : ",dashed";
  if (!style.empty()) all.push_back("style=\"" + style + "\"");
  if (node.mark == graph::ViewMark::kChanged) all.emplace_back("fillcolor=\"#f9b64b\"");
  if (node.mark == graph::ViewMark::kAffected) all.emplace_back("fillcolor=\"#fdebc8\"");
  if (node.cycle != 0) all.emplace_back("color=\"#c01c28\"");
  return attributes(all);
}

std::string edge_attributes(const graph::ViewEdge& edge) {
  std::vector<std::string> all;
  if (edge.use == graph::ImportUse::kTypeChecking) all.emplace_back("style=dotted");
  if (edge.use == graph::ImportUse::kFunction) all.emplace_back("style=dashed");
  if (edge.in_cycle) {
    all.emplace_back("color=\"#c01c28\"");
  } else if (edge.use == graph::ImportUse::kImplied) {
    all.emplace_back("color=\"#9a9996\"");
  }
  return attributes(all);
}

class Dot {
 public:
  explicit Dot(const graph::GraphView& view)
      : view_(view), names_(node_words(view)), tree_(cluster_tree(view)) {}

  std::string text() {
    out_ =
        "// red: in an import cycle; dotted: for type checkers only; dashed: inside of a function\n"
        "digraph imports {\n"
        "  rankdir=LR;\n"
        "  node [shape=box];\n";
    write_content(graph::kNoPackage, "  ");
    for (const graph::ViewEdge& edge : view_.edges) {
      out_ +=
          "  " + quoted(names_[edge.from]) + " -> " + quoted(names_[edge.to]) + edge_attributes(edge) + ";\n";
    }
    return out_ + "}\n";
  }

 private:
  void write_content(std::uint32_t package, const std::string& indent) {
    const ClusterContent& content = tree_.at(package);
    for (const std::uint32_t node : content.nodes) {
      out_ += indent + quoted(names_[node]) + node_attributes(view_.nodes[node]) + ";\n";
    }
    for (const std::uint32_t inner : content.packages) {
      out_ += indent + "subgraph cluster_" + std::to_string(inner) + " {\n" + indent +
              "  label=" + quoted(shown_line(view_.packages.packages[inner].name)) + ";\n";
      write_content(inner, indent + "  ");
      out_ += indent + "}\n";
    }
  }

  const graph::GraphView& view_;
  const std::vector<std::string> names_;
  const std::map<std::uint32_t, ClusterContent> tree_;
  std::string out_;
};

}  // namespace

std::string graph_dot(const ShownGraph& shown) {
  return Dot(shown.view).text();
}

}  // namespace runner

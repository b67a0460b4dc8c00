// A graph as a flow chart of mermaid.
#include "runner/cluster_tree.h"
#include "runner/graph_writers.h"
#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Visible text in quotes that shows as itself: what may mean something to mermaid, Markdown or HTML becomes
// an entity as mermaid writes them.
std::string quoted(const std::string& text) {
  std::string label = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool plain = is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80 || c == '/' ||
                       (c == '.' && is_letter_or_digit(next)) ||
                       (c == ' ' && i > 0 && is_letter_or_digit(next)) ||
                       (c == '_' && i > 0 && is_letter_or_digit(text[i - 1]) && is_letter_or_digit(next));
    if (plain) {
      label += c;
    } else {
      label += "#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    }
  }
  return label + '"';
}

const char* arrow_of(graph::ImportUse use) {
  switch (use) {
    case graph::ImportUse::kTypeChecking:
      return " -. types .-> ";
    case graph::ImportUse::kFunction:
      return " -.-> ";
    case graph::ImportUse::kRunTime:
    case graph::ImportUse::kImplied:
      break;
  }
  return " --> ";
}

class Mermaid {
 public:
  explicit Mermaid(const graph::GraphView& view)
      : view_(view), names_(node_words(view)), tree_(cluster_tree(view)) {}

  std::string text() {
    out_ = "flowchart LR\n";
    write_content(graph::kNoPackage, "  ");
    std::string in_cycle;
    for (std::size_t i = 0; i < view_.edges.size(); ++i) {
      const graph::ViewEdge& edge = view_.edges[i];
      out_ += "  n" + std::to_string(edge.from) + arrow_of(edge.use) + "n" + std::to_string(edge.to) + "\n";
      if (edge.in_cycle) in_cycle += (in_cycle.empty() ? "" : ",") + std::to_string(i);
    }
    if (!in_cycle.empty()) out_ += "  linkStyle " + in_cycle + " stroke:#c01c28\n";
    write_class("followed", "stroke-dasharray:4 3", [](const graph::ViewNode& node) { return !node.own; });
    write_class("changed", "fill:#f9b64b,color:#000",
                [](const graph::ViewNode& node) { return node.mark == graph::ViewMark::kChanged; });
    write_class("affected", "fill:#fdebc8,color:#000",
                [](const graph::ViewNode& node) { return node.mark == graph::ViewMark::kAffected; });
    write_class("cycle", "stroke:#c01c28", [](const graph::ViewNode& node) { return node.cycle != 0; });
    return out_;
  }

 private:
  void write_content(std::uint32_t package, const std::string& indent) {
    const ClusterContent& content = tree_.at(package);
    for (const std::uint32_t node : content.nodes) {
      out_ += indent + "n" + std::to_string(node) + "[" + quoted(names_[node]) + "]\n";
    }
    for (const std::uint32_t inner : content.packages) {
      out_ += indent + "subgraph p" + std::to_string(inner) + "[" +
              quoted(shown_line(view_.packages.packages[inner].name)) + "]\n";
      write_content(inner, indent + "  ");
      out_ += indent + "end\n";
    }
  }

  template <typename Holds>
  void write_class(const std::string& name, const std::string& style, const Holds& holds) {
    std::string nodes;
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) {
      if (holds(view_.nodes[i])) nodes += (nodes.empty() ? "n" : ",n") + std::to_string(i);
    }
    if (nodes.empty()) return;
    out_ += "  classDef " + name + " " + style + "\n  class " + nodes + " " + name + "\n";
  }

  const graph::GraphView& view_;
  const std::vector<std::string> names_;
  const std::map<std::uint32_t, ClusterContent> tree_;
  std::string out_;
};

}  // namespace

std::string graph_mermaid(const ShownGraph& shown) {
  return Mermaid(shown.view).text();
}

}  // namespace runner

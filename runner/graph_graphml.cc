// A graph as GraphML.
#include "runner/graph_writers.h"
#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

constexpr const char* kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
    "<key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\n"
    "<key id=\"path\" for=\"node\" attr.name=\"path\" attr.type=\"string\"/>\n"
    "<key id=\"package\" for=\"node\" attr.name=\"package\" attr.type=\"string\"/>\n"
    "<key id=\"modules\" for=\"node\" attr.name=\"modules\" attr.type=\"int\"/>\n"
    "<key id=\"component\" for=\"node\" attr.name=\"component\" attr.type=\"int\"/>\n"
    "<key id=\"wave\" for=\"node\" attr.name=\"wave\" attr.type=\"int\"/>\n"
    "<key id=\"cycle\" for=\"node\" attr.name=\"cycle\" attr.type=\"int\"/>\n"
    "<key id=\"own\" for=\"node\" attr.name=\"own\" attr.type=\"boolean\"/>\n"
    "<key id=\"mark\" for=\"node\" attr.name=\"mark\" attr.type=\"string\"/>\n"
    "<key id=\"use\" for=\"edge\" attr.name=\"use\" attr.type=\"string\"/>\n"
    "<key id=\"imports\" for=\"edge\" attr.name=\"imports\" attr.type=\"int\"/>\n"
    "<key id=\"lines\" for=\"edge\" attr.name=\"lines\" attr.type=\"string\"/>\n"
    "<key id=\"in_cycle\" for=\"edge\" attr.name=\"in_cycle\" attr.type=\"boolean\"/>\n"
    "<graph edgedefault=\"directed\">\n";

std::string data(const char* key, std::string_view value) {
  return std::string("<data key=\"") + key + "\">" + xml_text(value) + "</data>";
}

std::string data(const char* key, std::size_t value) {
  return data(key, std::to_string(value));
}

std::string truth(const char* key, bool value) {
  return data(key, value ? "true" : "false");
}

std::string node_xml(const ShownGraph& shown, std::size_t number, const std::string& name) {
  const graph::GraphView& view = shown.view;
  const graph::ViewNode& node = view.nodes[number];
  std::string xml = "<node id=\"n" + std::to_string(number) + "\">" + data("name", name);
  if (view.level == graph::ViewLevel::kModule) {
    xml += data("path", shown_line(graph::portable_path(shown.graph[node.modules.front()])));
  }
  if (node.cluster != graph::kNoPackage) {
    xml += data("package", shown_line(view.packages.packages[node.cluster].name));
  }
  xml += data("modules", node.modules.size());
  if (view.level != graph::ViewLevel::kPackage) {
    const graph::ComponentId component = shown.components.of(node.modules.front());
    xml += data("component", component.value) + data("wave", shown.components[component].wave);
  }
  if (node.cycle != 0) xml += data("cycle", node.cycle);
  xml += truth("own", node.own);
  if (node.mark != graph::ViewMark::kNone) xml += data("mark", mark_word(node.mark));
  return xml + "</node>\n";
}

std::string edge_xml(const graph::ViewEdge& edge) {
  std::string xml = "<edge source=\"n" + std::to_string(edge.from) + "\" target=\"n" +
                    std::to_string(edge.to) + "\">" + data("use", use_word(edge.use)) +
                    data("imports", edge.imports);
  if (!edge.lines.empty()) xml += data("lines", lines_word(edge.lines));
  return xml + truth("in_cycle", edge.in_cycle) + "</edge>\n";
}

}  // namespace

std::string graph_graphml(const ShownGraph& shown) {
  std::string xml = kHead;
  const std::vector<std::string> names = node_words(shown.view);
  for (std::size_t i = 0; i < names.size(); ++i) xml += node_xml(shown, i, names[i]);
  for (const graph::ViewEdge& edge : shown.view.edges) xml += edge_xml(edge);
  return xml + "</graph>\n</graphml>\n";
}

}  // namespace runner

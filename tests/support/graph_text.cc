#include "tests/support/graph_text.h"

#include <sstream>

namespace support {
namespace {

graph::ModuleId module_named(graph::ModuleGraph& graph, const std::string& name) {
  if (const auto known = graph.find(name)) return *known;
  const graph::ModuleId id{static_cast<std::uint32_t>(graph.modules.size())};
  graph::Module module;
  module.name = name;
  module.path = name + ".py";
  module.order = id.value + 1;
  graph.modules.push_back(module);
  graph.add_name(id);
  return id;
}

}  // namespace

graph::ModuleGraph graph_from_text(std::string_view text) {
  graph::ModuleGraph graph;
  std::istringstream statements{std::string(text)};
  for (std::string statement; std::getline(statements, statement, ';');) {
    std::istringstream words(statement);
    std::string word;
    if (!(words >> word)) continue;
    const graph::ModuleId importer = module_named(graph, word);
    for (words >> word; words >> word;) {
      const std::size_t slash = word.find('/');
      graph::Dependency dependency;
      dependency.module = module_named(graph, word.substr(0, slash));
      if (slash != std::string::npos) {
        dependency.priority = static_cast<std::uint8_t>(std::stoi(word.substr(slash + 1)));
      }
      graph.modules[importer.value].dependencies.push_back(dependency);
    }
  }
  return graph;
}

std::string text_of(const graph::ModuleGraph& graph, const graph::Condensation& components) {
  std::string text;
  for (const graph::Component& component : components.components()) {
    if (!text.empty()) text += " | ";
    bool first = true;
    for (const graph::ModuleId module : component.modules) {
      if (!first) text += ' ';
      first = false;
      text += graph[module].name;
    }
  }
  return text;
}

}  // namespace support

// A graph as JSON.
#include <algorithm>
#include <set>

#include "runner/graph_writers.h"
#include "runner/json_string.h"
#include "runner/view_words.h"

namespace runner {
namespace {

using graph::ModuleId;

template <typename Items, typename Item>
std::string list(const Items& items, const Item& item, const char* separator = ",") {
  std::string text;
  for (const auto& one : items) {
    if (!text.empty()) text += separator;
    text += item(one);
  }
  return "[" + text + "]";
}

std::string truth(bool value) {
  return value ? "true" : "false";
}

std::string quoted(std::string_view word) {
  return '"' + std::string(word) + '"';
}

class GraphJson {
 public:
  explicit GraphJson(const ShownGraph& shown) : shown_(shown), edges_(shown.view.nodes.size()) {
    for (const graph::ViewEdge& edge : shown.view.edges) edges_[edge.from].push_back(&edge);
  }

  std::string document() const {
    switch (shown_.view.level) {
      case graph::ViewLevel::kModule:
        return "{\"format\":1,\"level\":\"module\",\n\"modules\":" +
               nodes([&](std::size_t i) { return module(i); }) + ",\n\"components\":" + components() + "}\n";
      case graph::ViewLevel::kComponent:
        return "{\"format\":1,\"level\":\"component\",\n\"components\":" +
               nodes([&](std::size_t i) { return component(i); }) + "}\n";
      case graph::ViewLevel::kPackage:
        break;
    }
    return "{\"format\":1,\"level\":\"package\",\n\"packages\":" +
           nodes([&](std::size_t i) { return package(i); }) + "}\n";
  }

 private:
  template <typename Node>
  std::string nodes(const Node& node) const {
    std::string text;
    for (std::size_t i = 0; i < shown_.view.nodes.size(); ++i) text += (i == 0 ? "\n" : ",\n") + node(i);
    return "[" + text + "]";
  }

  std::string mark(const graph::ViewNode& node) const {
    if (!shown_.view.marked) return "";
    return ",\"mark\":" + (node.mark == graph::ViewMark::kNone ? "null" : quoted(mark_word(node.mark)));
  }

  std::string name(ModuleId id) const { return json_string(shown_.graph[id].name); }

  std::string dependency(const graph::Module& module, const graph::ViewEdge& edge) const {
    const ModuleId target = shown_.view.nodes[edge.to].modules.front();
    const auto found = std::find_if(module.dependencies.begin(), module.dependencies.end(),
                                    [&](const graph::Dependency& one) { return one.module == target; });
    return "{\"module\":" + name(target) + ",\"priority\":" + std::to_string(found->priority) +
           ",\"line\":" + std::to_string(graph::signed_line(found->line)) +
           ",\"use\":" + quoted(use_word(edge.use)) + ",\"lines\":[" + lines_word(edge.lines) + "]}";
  }

  std::string module(std::size_t number) const {
    const graph::ViewNode& node = shown_.view.nodes[number];
    const ModuleId id = node.modules.front();
    const graph::Module& module = shown_.graph[id];
    return "{\"name\":" + json_string(module.name) + ",\"path\":" + json_string(module.path) +
           ",\"named\":" + truth(module.root_source) + ",\"own\":" + truth(node.own) +
           ",\"component\":" + std::to_string(shown_.components.of(id).value) + ",\"package\":" +
           json_string(shown_.view.packages.packages[shown_.view.packages.of_module[id.value]].name) +
           mark(node) + ",\"dependencies\":" +
           list(edges_[number], [&](const graph::ViewEdge* edge) { return dependency(module, *edge); }) +
           ",\"suppressed\":" +
           list(module.suppressed,
                [](const graph::SuppressedImport& import) {
                  return "{\"module\":" + json_string(import.name) +
                         ",\"priority\":" + std::to_string(import.priority) +
                         ",\"line\":" + std::to_string(graph::signed_line(import.line)) + "}";
                }) +
           "}";
  }

  // Those with a module that is shown.
  std::string components() const {
    std::set<std::uint32_t> shown;
    std::vector<bool> visible(shown_.graph.modules.size(), false);
    for (const graph::ViewNode& node : shown_.view.nodes) {
      visible[node.modules.front().value] = true;
      shown.insert(shown_.components.of(node.modules.front()).value);
    }
    std::string text;
    for (const std::uint32_t id : shown) {
      const graph::Component& component = shown_.components[{id}];
      std::vector<ModuleId> modules = component.modules;
      std::erase_if(modules, [&](ModuleId module) { return !visible[module.value]; });
      std::vector<graph::ComponentId> below = component.dependencies;
      std::erase_if(below, [&](graph::ComponentId one) { return !shown.contains(one.value); });
      text += (text.empty() ? "\n{\"id\":" : ",\n{\"id\":") + std::to_string(id) +
              ",\"modules\":" + list(modules, [&](ModuleId module) { return name(module); }) +
              ",\"dependencies\":" +
              list(below, [](graph::ComponentId one) { return std::to_string(one.value); }) +
              ",\"wave\":" + std::to_string(component.wave) + "}";
    }
    return "[" + text + "]";
  }

  graph::ComponentId component_of(std::uint32_t node) const {
    return shown_.components.of(shown_.view.nodes[node].modules.front());
  }

  std::string component(std::size_t number) const {
    const graph::ViewNode& node = shown_.view.nodes[number];
    const graph::ComponentId id = shown_.components.of(node.modules.front());
    return "{\"id\":" + std::to_string(id.value) +
           ",\"modules\":" + list(node.modules, [&](ModuleId module) { return name(module); }) +
           ",\"own\":" + truth(node.own) + ",\"cycle\":" + truth(node.cycle != 0) + mark(node) +
           ",\"wave\":" + std::to_string(shown_.components[id].wave) + ",\"imports\":" +
           list(edges_[number],
                [&](const graph::ViewEdge* edge) {
                  return "{\"component\":" + std::to_string(component_of(edge->to).value) + rest_of(*edge);
                }) +
           "}";
  }

  std::string package(std::size_t number) const {
    const graph::ViewNode& node = shown_.view.nodes[number];
    return "{\"name\":" + json_string(node.name) +
           ",\"modules\":" + list(node.modules, [&](ModuleId module) { return name(module); }) +
           ",\"own\":" + truth(node.own) +
           ",\"cycle\":" + (node.cycle == 0 ? "null" : std::to_string(node.cycle)) + mark(node) +
           ",\"imports\":" +
           list(edges_[number],
                [&](const graph::ViewEdge* edge) {
                  return "{\"package\":" + json_string(shown_.view.nodes[edge->to].name) + rest_of(*edge);
                }) +
           "}";
  }

  static std::string rest_of(const graph::ViewEdge& edge) {
    return ",\"use\":" + quoted(use_word(edge.use)) + ",\"imports\":" + std::to_string(edge.imports) + "}";
  }

  const ShownGraph& shown_;
  std::vector<std::vector<const graph::ViewEdge*>> edges_;  // by their start
};

}  // namespace

std::string graph_json(const ShownGraph& shown) {
  return GraphJson(shown).document();
}

}  // namespace runner

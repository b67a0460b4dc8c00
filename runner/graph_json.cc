// A graph as JSON.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/graph_writers.h"
#include "runner/json_string.h"
#include "runner/view_words.h"

namespace runner {
namespace {

using graph::ModuleId;

// Writes the document into one text that grows.
class GraphJson {
 public:
  explicit GraphJson(const ShownGraph& shown) : shown_(shown) {
    sort_edges();
    for (const graph::Module& module : shown_.graph.modules) names_.push_back(json_string(module.name));
  }

  std::string document() {
    switch (shown_.view.level) {
      case graph::ViewLevel::kModule:
        add("{\"format\":1,\"level\":\"module\",\n\"modules\":");
        add_nodes([&](std::uint32_t i) { add_module(i); });
        add(",\n\"components\":");
        add_components();
        break;
      case graph::ViewLevel::kComponent:
        add("{\"format\":1,\"level\":\"component\",\n\"components\":");
        add_nodes([&](std::uint32_t i) { add_component(i); });
        break;
      case graph::ViewLevel::kPackage:
        add("{\"format\":1,\"level\":\"package\",\n\"packages\":");
        add_nodes([&](std::uint32_t i) { add_package(i); });
        break;
    }
    add("}\n");
    return std::move(text_);
  }

 private:
  using Edges = std::span<const graph::ViewEdge* const>;

  // By their start.
  void sort_edges() {
    const std::vector<graph::ViewEdge>& edges = shown_.view.edges;
    first_.assign(shown_.view.nodes.size() + 1, 0);
    for (const graph::ViewEdge& edge : edges) ++first_[edge.from + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    edges_.resize(edges.size());
    for (const graph::ViewEdge& edge : edges) edges_[next[edge.from]++] = &edge;
  }
  Edges edges_of(std::uint32_t node) const {
    return Edges(edges_).subspan(first_[node], first_[node + 1] - first_[node]);
  }

  void add(std::string_view piece) { text_ += piece; }
  void add_string(std::string_view value) { append_json_string(text_, value); }
  void add_word(std::string_view word) {
    text_ += '"';
    text_ += word;
    text_ += '"';
  }
  void add_truth(bool value) { add(value ? "true" : "false"); }
  template <typename Number>
  void add_number(Number number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
  }
  void add_name(ModuleId id) { add(names_[id.value]); }

  template <typename Items, typename Item>
  void add_list(const Items& items, const Item& item) {
    text_ += '[';
    bool first = true;
    for (const auto& one : items) {
      if (!std::exchange(first, false)) text_ += ',';
      item(one);
    }
    text_ += ']';
  }

  template <typename Node>
  void add_nodes(const Node& node) {
    text_ += '[';
    for (std::uint32_t i = 0; i < shown_.view.nodes.size(); ++i) {
      add(i == 0 ? "\n" : ",\n");
      node(i);
    }
    text_ += ']';
  }

  void add_mark(const graph::ViewNode& node) {
    if (!shown_.view.marked) return;
    add(",\"mark\":");
    if (node.mark == graph::ViewMark::kNone) return add("null");
    add_word(mark_word(node.mark));
  }

  void add_names(const std::vector<ModuleId>& modules) {
    add_list(modules, [&](ModuleId module) { add_name(module); });
  }

  void add_module(std::uint32_t number) {
    const graph::ViewNode& node = shown_.view.nodes[number];
    const ModuleId id = node.modules.front();
    const graph::Module& module = shown_.graph[id];
    add("{\"name\":");
    add_name(id);
    add(",\"path\":");
    add_string(module.path);
    add(",\"named\":");
    add_truth(module.root_source);
    add(",\"own\":");
    add_truth(node.own);
    add(",\"component\":");
    add_number(shown_.components.of(id).value);
    add(",\"package\":");
    add_string(shown_.view.packages.packages[shown_.view.packages.of_module[id.value]].name);
    add_mark(node);
    add(",\"dependencies\":");
    add_dependencies(module, edges_of(number));
    add(",\"suppressed\":");
    add_list(module.suppressed, [&](const graph::SuppressedImport& import) {
      add("{\"module\":");
      add_string(import.name);
      add(",\"priority\":");
      add_number(unsigned{import.priority});
      add(",\"line\":");
      add_number(graph::signed_line(import.line));
      add("}");
    });
    add("}");
  }

  void add_dependencies(const graph::Module& module, Edges edges) {
    auto dependency = module.dependencies.begin();
    add_list(edges, [&](const graph::ViewEdge* edge) {
      const ModuleId target = shown_.view.nodes[edge->to].modules.front();
      const auto is_it = [&](const graph::Dependency& one) { return one.module == target; };
      // Edges are in the order of the imports.
      dependency = std::find_if(dependency, module.dependencies.end(), is_it);
      if (dependency == module.dependencies.end()) {
        dependency = std::find_if(module.dependencies.begin(), module.dependencies.end(), is_it);
      }
      add("{\"module\":");
      add_name(target);
      add(",\"priority\":");
      add_number(unsigned{dependency->priority});
      add(",\"line\":");
      add_number(graph::signed_line(dependency->line));
      add(",\"use\":");
      add_word(use_word(edge->use));
      add(",\"lines\":");
      add_list(edge->lines, [&](std::uint32_t line) { add_number(line); });
      add("}");
    });
  }

  // Those with a module that is shown.
  void add_components() {
    std::set<std::uint32_t> shown;
    std::vector<bool> visible(shown_.graph.modules.size(), false);
    for (const graph::ViewNode& node : shown_.view.nodes) {
      visible[node.modules.front().value] = true;
      shown.insert(shown_.components.of(node.modules.front()).value);
    }
    text_ += '[';
    bool first = true;
    for (const std::uint32_t id : shown) {
      const graph::Component& component = shown_.components[{id}];
      std::vector<ModuleId> modules = component.modules;
      std::erase_if(modules, [&](ModuleId module) { return !visible[module.value]; });
      std::vector<graph::ComponentId> below = component.dependencies;
      std::erase_if(below, [&](graph::ComponentId one) { return !shown.contains(one.value); });
      add(std::exchange(first, false) ? "\n{\"id\":" : ",\n{\"id\":");
      add_number(id);
      add(",\"modules\":");
      add_names(modules);
      add(",\"dependencies\":");
      add_list(below, [&](graph::ComponentId one) { add_number(one.value); });
      add(",\"wave\":");
      add_number(component.wave);
      add("}");
    }
    text_ += ']';
  }

  void add_component(std::uint32_t number) {
    const graph::ViewNode& node = shown_.view.nodes[number];
    const graph::ComponentId id = shown_.components.of(node.modules.front());
    add("{\"id\":");
    add_number(id.value);
    add(",\"modules\":");
    add_names(node.modules);
    add(",\"own\":");
    add_truth(node.own);
    add(",\"cycle\":");
    add_truth(node.cycle != 0);
    add_mark(node);
    add(",\"wave\":");
    add_number(shown_.components[id].wave);
    add(",\"imports\":");
    add_list(edges_of(number), [&](const graph::ViewEdge* edge) {
      add("{\"component\":");
      add_number(shown_.components.of(shown_.view.nodes[edge->to].modules.front()).value);
      add_rest(*edge);
    });
    add("}");
  }

  void add_package(std::uint32_t number) {
    const graph::ViewNode& node = shown_.view.nodes[number];
    add("{\"name\":");
    add_string(node.name);
    add(",\"modules\":");
    add_names(node.modules);
    add(",\"own\":");
    add_truth(node.own);
    add(",\"cycle\":");
    if (node.cycle == 0) {
      add("null");
    } else {
      add_number(node.cycle);
    }
    add_mark(node);
    add(",\"imports\":");
    add_list(edges_of(number), [&](const graph::ViewEdge* edge) {
      add("{\"package\":");
      add_string(shown_.view.nodes[edge->to].name);
      add_rest(*edge);
    });
    add("}");
  }

  void add_rest(const graph::ViewEdge& edge) {
    add(",\"use\":");
    add_word(use_word(edge.use));
    add(",\"imports\":");
    add_number(edge.imports);
    add("}");
  }

  const ShownGraph& shown_;
  std::vector<std::string> names_;  // of modules, in quotes
  std::vector<const graph::ViewEdge*> edges_;
  std::vector<std::size_t> first_;  // of each node's edges
  std::string text_;
};

}  // namespace

std::string graph_json(const ShownGraph& shown) {
  return GraphJson(shown).document();
}

}  // namespace runner

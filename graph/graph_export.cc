#include "graph/graph_export.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace graph {
namespace {

using nlohmann::json;

std::string json_text(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// `text` as a quoted DOT id that shows as itself: a backslash is doubled since labels know escapes, control
// characters are spelled out, bytes that are not UTF-8 become U+FFFD.
std::string dot_text(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  const std::string valid = json::parse(json_text(text)).get<std::string>();
  std::string quoted = "\"";
  for (const char c : valid) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += "\\\\x";
      quoted += kHex[byte >> 4];
      quoted += kHex[byte & 15];
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

// Writes `items` with commas between, each by `write`.
template <typename Items, typename Write>
void write_list(std::string& out, const Items& items, const Write& write) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    write(item);
  }
  out += ']';
}

void write_import(std::string& out, const std::string& quoted, unsigned priority, std::uint32_t line) {
  out += "{\"module\":" + quoted + ",\"priority\":" + std::to_string(priority) +
         ",\"line\":" + std::to_string(signed_line(line)) + '}';
}

void write_module(std::string& out, const Module& module, ComponentId component,
                  const std::vector<std::string>& names, const std::string& name) {
  out += "{\"name\":" + name + ",\"path\":" + json_text(module.path);
  out += module.root_source ? ",\"named\":true" : ",\"named\":false";
  out += module.ignore_all ? ",\"own\":false" : ",\"own\":true";
  out += ",\"component\":" + std::to_string(component.value) + ",\"dependencies\":";
  write_list(out, module.dependencies, [&](const Dependency& dependency) {
    write_import(out, names[dependency.module.value], dependency.priority, dependency.line);
  });
  out += ",\"suppressed\":";
  write_list(out, module.suppressed, [&](const SuppressedImport& import) {
    write_import(out, json_text(import.name), import.priority, import.line);
  });
  out += '}';
}

void write_component(std::string& out, const Component& component, std::size_t id,
                     const std::vector<std::string>& names) {
  out += "{\"id\":" + std::to_string(id) + ",\"modules\":";
  write_list(out, component.modules, [&](ModuleId module) { out += names[module.value]; });
  out += ",\"dependencies\":";
  write_list(out, component.dependencies, [&](ComponentId below) { out += std::to_string(below.value); });
  out += ",\"wave\":" + std::to_string(component.wave) + '}';
}

}  // namespace

std::string graph_to_json(const ModuleGraph& graph, const Condensation& components) {
  std::vector<std::string> names;
  names.reserve(graph.modules.size());
  for (const Module& module : graph.modules) names.push_back(json_text(module.name));
  std::string out = "{\"format\":1,\n\"modules\":";
  std::uint32_t id = 0;
  write_list(out, graph.modules, [&](const Module& module) {
    out += '\n';
    write_module(out, module, components.of(ModuleId{id}), names, names[id]);
    ++id;
  });
  out += ",\n\"components\":";
  std::size_t component_id = 0;
  write_list(out, components.components(), [&](const Component& component) {
    out += '\n';
    write_component(out, component, component_id++, names);
  });
  return out + "}\n";
}

std::string graph_to_dot(const ModuleGraph& graph, const Condensation& components) {
  std::vector<std::string> names;
  names.reserve(graph.modules.size());
  for (const Module& module : graph.modules) names.push_back(dot_text(module.name));
  std::string out = "digraph modules {\n  node [shape=box];\n";
  std::size_t id = 0;
  for (const Component& component : components.components()) {
    const bool cycle = component.modules.size() > 1;
    if (cycle) out += "  subgraph cluster_" + std::to_string(id) + " {\n";
    for (const ModuleId module : component.modules) {
      out += (cycle ? "    " : "  ") + names[module.value];
      out += graph[module].ignore_all ? " [style=dashed];\n" : ";\n";
    }
    if (cycle) out += "  }\n";
    ++id;
  }
  for (std::size_t from = 0; from < graph.modules.size(); ++from) {
    for (const Dependency& dependency : graph.modules[from].dependencies) {
      out += "  " + names[from] + " -> " + names[dependency.module.value] + ";\n";
    }
  }
  return out + "}\n";
}

}  // namespace graph

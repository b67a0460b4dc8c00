#include "runner/page_data.h"

#include <cmath>
#include <cstdio>
#include <utility>

#include "graph/graph_places.h"
#include "graph/graph_view.h"
#include "graph/package_tree.h"
#include "runner/json_string.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

using graph::ComponentId;
using graph::ModuleId;

constexpr std::uint32_t kHidden = 0xffffffff;

std::string text(const std::string& name) {
  return json_string(shown_line(name));
}

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string decimal(double value, int digits) {
  char buffer[40];
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
  std::string shown = buffer;
  if (shown.find('.') != std::string::npos) {
    while (shown.back() == '0') shown.pop_back();
    if (shown.back() == '.') shown.pop_back();
  }
  return shown == "-0" ? "0" : shown;
}

std::string seconds(const std::optional<double>& value) {
  return value ? decimal(*value, 4) : "null";
}

// "name":[...] with the text that `item` gives of 0 to count - 1.
template <typename Item>
std::string column(const char* name, std::size_t count, const Item& item) {
  std::string list = std::string("\"") + name + "\":[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) list += ',';
    list += item(i);
  }
  return list + ']';
}

class Page {
 public:
  explicit Page(const PageInput& input)
      : in_(input),
        tree_(graph::package_tree(input.graph)),
        module_number_(input.graph.modules.size(), kHidden) {
    for (std::uint32_t i = 0; i < module_number_.size(); ++i) {
      if (!in_.visible[i]) continue;
      module_number_[i] = static_cast<std::uint32_t>(modules_.size());
      modules_.push_back({i});
    }
    number_components();
    number_packages();
    share_seconds();
    fan_in_.resize(modules_.size(), 0);
    for (const ModuleId id : modules_) {
      for (const graph::Dependency& dependency : in_.graph[id].dependencies) {
        if (in_.visible[dependency.module.value]) ++fan_in_[module_number_[dependency.module.value]];
      }
    }
  }

  std::string json() const {
    return "{\"format\":1,\"project\":" + text(in_.project) +
           ",\"typewave\":" + json_string(TYPEWAVE_VERSION) + ",\n\"modules\":" + modules() + ",\n" +
           imports() + ",\n\"components\":" + components() + ",\n\"packages\":" + packages() + ",\n" +
           cycles() + ",\n" + waves() + ",\n\"affected\":" + affected() + "}\n";
  }

 private:
  void number_components() {
    component_number_.resize(in_.components.size(), kHidden);
    for (std::uint32_t i = 0; i < in_.components.size(); ++i) {
      std::vector<ModuleId> members;
      for (const ModuleId id : in_.components[{i}].modules) {
        if (in_.visible[id.value]) members.push_back(id);
      }
      if (members.empty()) continue;
      component_number_[i] = static_cast<std::uint32_t>(components_.size());
      components_.push_back({i});
      members_.push_back(std::move(members));
    }
  }

  void number_packages() {
    std::vector<bool> visible(tree_.packages.size(), false);
    for (const ModuleId id : modules_) {
      for (std::uint32_t p = tree_.of_module[id.value]; p != graph::kNoPackage;
           p = tree_.packages[p].parent) {
        visible[p] = true;
      }
    }
    package_number_.resize(tree_.packages.size(), kHidden);
    for (std::uint32_t p = 0; p < visible.size(); ++p) {
      if (!visible[p]) continue;
      package_number_[p] = static_cast<std::uint32_t>(packages_.size());
      packages_.push_back(p);
    }
  }

  // What is measured is measured for a component.
  void share_seconds() {
    seconds_.resize(in_.graph.modules.size());
    for (std::uint32_t i = 0; i < in_.components.size(); ++i) {
      if (!in_.measured.seconds[i]) continue;
      double bytes = 0;
      const auto& members = in_.components[{i}].modules;
      for (const ModuleId id : members) bytes += weight(id);
      for (const ModuleId id : members) seconds_[id.value] = *in_.measured.seconds[i] * weight(id) / bytes;
    }
  }

  double weight(ModuleId id) const {
    const graph::ScannedFile* file = in_.graph[id].file;
    return 1 + (file == nullptr ? 0.0 : static_cast<double>(file->size));
  }

  std::string modules() const {
    const auto each = [&](const char* name, const auto& item) {
      return column(name, modules_.size(), [&](std::size_t i) { return item(modules_[i]); });
    };
    const auto count_or_null = [](const std::optional<std::uint32_t>& count) {
      return count ? number(*count) : std::string("null");
    };
    return "{" + each("name", [&](ModuleId id) { return text(in_.graph[id].name); }) + ",\n" +
           each("path", [&](ModuleId id) { return text(graph::portable_path(in_.graph[id])); }) + ",\n" +
           each("own", [&](ModuleId id) { return in_.graph[id].ignore_all ? "0" : "1"; }) + ",\n" +
           each("component",
                [&](ModuleId id) { return number(component_number_[in_.components.of(id).value]); }) +
           ",\n" +
           each("package", [&](ModuleId id) { return number(package_number_[tree_.of_module[id.value]]); }) +
           ",\n" +
           each("bytes",
                [&](ModuleId id) {
                  const graph::ScannedFile* file = in_.graph[id].file;
                  return file == nullptr ? std::string("null") : number(file->size);
                }) +
           ",\n" + each("errors", [&](ModuleId id) { return count_or_null(in_.measured.errors[id.value]); }) +
           ",\n" + each("seconds", [&](ModuleId id) { return seconds(seconds_[id.value]); }) + ",\n" +
           each("fan_in", [&](ModuleId id) { return number(fan_in_[module_number_[id.value]]); }) + "}";
  }

  std::string imports() const {
    return column("imports", modules_.size(), [&](std::size_t i) {
      const graph::Module& module = in_.graph[modules_[i]];
      std::string list = "[";
      for (std::size_t d = 0; d < module.dependencies.size(); ++d) {
        const std::uint32_t target = module_number_[module.dependencies[d].module.value];
        if (target == kHidden) continue;
        const graph::ImportPlaces& places = in_.uses[modules_[i].value][d];
        if (list.size() > 1) list += ',';
        list += '[' + number(target) + ',' + number(static_cast<unsigned>(places.use)) + ',' +
                number(places.lines.empty() ? 0 : places.lines.front()) + ']';
      }
      return list + ']';
    });
  }

  template <typename Places>
  std::string coordinates(const Places& places, std::size_t count) const {
    return column("x", count, [&](std::size_t i) { return decimal(places(i).x, 2); }) + ",\n" +
           column("y", count, [&](std::size_t i) { return decimal(places(i).y, 2); });
  }

  std::string components() const {
    const std::vector<graph::Place> places = graph::component_places(in_.components);
    const std::size_t count = components_.size();
    return "{" +
           column("modules", count,
                  [&](std::size_t i) {
                    std::string list = "[";
                    for (const ModuleId id : members_[i]) {
                      if (list.size() > 1) list += ',';
                      list += number(module_number_[id.value]);
                    }
                    return list + ']';
                  }) +
           ",\n" +
           column("wave", count, [&](std::size_t i) { return number(in_.components[components_[i]].wave); }) +
           ",\n" +
           column("seconds", count,
                  [&](std::size_t i) { return seconds(in_.measured.seconds[components_[i].value]); }) +
           ",\n" + coordinates([&](std::size_t i) { return places[components_[i].value]; }, count) + "}";
  }

  std::string packages() const {
    const std::vector<graph::Place> places = graph::package_places(in_.graph, tree_);
    const std::size_t count = packages_.size();
    return "{" +
           column("name", count, [&](std::size_t i) { return text(tree_.packages[packages_[i]].name); }) +
           ",\n" +
           column("parent", count,
                  [&](std::size_t i) {
                    const std::uint32_t parent = tree_.packages[packages_[i]].parent;
                    return parent == graph::kNoPackage ? std::string("-1") : number(package_number_[parent]);
                  }) +
           ",\n" + coordinates([&](std::size_t i) { return places[packages_[i]]; }, count) + "}";
  }

  std::string cuts(const graph::ImportCycle& cycle) const {
    return column("cuts", cycle.cut.size(), [&](std::size_t i) {
      const graph::CutImport& cut = cycle.cut[i];
      return "{\"from\":" + number(module_number_[cut.from.value]) +
             ",\"to\":" + number(module_number_[cut.to.value]) +
             ",\"path\":" + text(graph::portable_path(in_.graph[cut.from])) +
             ",\"line\":" + number(cut.places.lines.front()) + ',' +
             column("lines", cut.places.lines.size(),
                    [&](std::size_t l) { return number(cut.places.lines[l]); }) +
             ",\"kind\":" + number(static_cast<unsigned>(cut.places.use)) + ",\"left\":" + number(cut.left) +
             "}";
    });
  }

  // Of a cycle that is visible in part nothing could be said.
  bool is_visible(const graph::ImportCycle& cycle) const {
    const std::uint32_t component = component_number_[cycle.component.value];
    return component != kHidden &&
           members_[component].size() == in_.components[cycle.component].modules.size();
  }

  std::string cycles() const {
    std::vector<const graph::ImportCycle*> shown;
    for (const graph::ImportCycle& cycle : in_.cycles) {
      if (is_visible(cycle)) shown.push_back(&cycle);
    }
    return column("cycles", shown.size(), [&](std::size_t i) {
      const graph::ImportCycle& cycle = *shown[i];
      const std::uint32_t added =
          cycle.chain > cycle.chain_after_cut ? cycle.chain - cycle.chain_after_cut : 0;
      return "{\"component\":" + number(component_number_[cycle.component.value]) +
             ",\"seconds\":" + seconds(in_.measured.seconds[cycle.component.value]) +
             ",\"chain\":" + number(added) + ',' + cuts(cycle) + "}";
    });
  }

  std::string waves() const {
    struct Wave {
      std::size_t components = 0;
      std::size_t modules = 0;
      std::optional<double> seconds;
    };
    std::vector<Wave> waves(in_.components.wave_count());
    for (std::size_t i = 0; i < components_.size(); ++i) {
      Wave& wave = waves[in_.components[components_[i]].wave];
      ++wave.components;
      wave.modules += members_[i].size();
      const std::optional<double>& one = in_.measured.seconds[components_[i].value];
      if (one) wave.seconds = wave.seconds.value_or(0) + *one;
    }
    return column("waves", waves.size(), [&](std::size_t i) {
      return "{\"components\":" + number(waves[i].components) + ",\"modules\":" + number(waves[i].modules) +
             ",\"seconds\":" + seconds(waves[i].seconds) + "}";
    });
  }

  std::string affected() const {
    if (in_.affected == nullptr) return "null";
    const auto list = [&](const char* name, const std::vector<bool>& marked) {
      std::vector<std::uint32_t> numbers;
      for (const ModuleId id : modules_) {
        if (marked[id.value]) numbers.push_back(module_number_[id.value]);
      }
      return column(name, numbers.size(), [&](std::size_t i) { return number(numbers[i]); });
    };
    return "{\"since\":" + text(in_.affected->since) + ',' + list("changed", in_.affected->changed) + ',' +
           list("affected", in_.affected->affected) + "}";
  }

  const PageInput& in_;
  const graph::PackageTree tree_;
  std::vector<ModuleId> modules_;             // by number
  std::vector<std::uint32_t> module_number_;  // by ModuleId
  std::vector<ComponentId> components_;
  std::vector<std::uint32_t> component_number_;
  std::vector<std::vector<ModuleId>> members_;  // visible ones, by number of their component
  std::vector<std::uint32_t> packages_;
  std::vector<std::uint32_t> package_number_;
  std::vector<std::optional<double>> seconds_;  // by ModuleId
  std::vector<std::uint32_t> fan_in_;           // by number
};

}  // namespace

std::string page_data(const PageInput& input) {
  return Page(input).json();
}

}  // namespace runner

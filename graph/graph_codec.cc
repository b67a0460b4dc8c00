#include "graph/graph_codec.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace graph {
namespace {

constexpr std::uint8_t kDirectory = 1;
constexpr std::uint8_t kRootSource = 2;
constexpr std::uint8_t kIgnoreAll = 4;
constexpr std::uint8_t kAncestors = 8;
constexpr std::uint8_t kImported = 16;
constexpr std::uint8_t kFile = 32;
// flags, options, order, three counts
constexpr std::size_t kSmallestModule = 6;
// target, priority, line
constexpr std::size_t kSmallestImport = 3;

constexpr std::uint8_t flag(bool set, std::uint8_t bit) {
  return set ? bit : std::uint8_t{0};
}

// The packages above a module, nearest first.
std::vector<std::string> packages_above(std::string_view name) {
  std::vector<std::string> packages;
  for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos; dot = name.rfind('.')) {
    name = name.substr(0, dot);
    packages.emplace_back(name);
  }
  return packages;
}

class GraphWriter {
 public:
  GraphWriter(ByteWriter& out, const ModuleGraph& graph) : out_(out), graph_(graph) {}

  void write(const Condensation& components) {
    write_names_of(&Module::name);
    write_names_of(&Module::path);
    write_names_of(&Module::canonical_path);
    for (const Module& module : graph_.modules) number_others(module);
    for (const auto& [name, reason] : graph_.missing) number(name);
    write_names(out_, others_);
    write_options();
    for (const Module& module : graph_.modules) write_module(module);
    for (const Module& module : graph_.modules) {
      if (module.file != nullptr) write_file(*module.file);
    }
    out_.varint(graph_.missing.size());
    for (const auto& [name, reason] : graph_.missing) {
      out_.varint(number(name));
      out_.fixed(static_cast<std::uint8_t>(reason));
    }
    write_components(components);
  }

 private:
  void write_names_of(std::string Module::*name) {
    NameWriter writer(out_, graph_.modules.size());
    for (const Module& module : graph_.modules) writer.add(module.*name);
  }

  void write_options() {
    std::vector<const EffectiveOptions*> all;
    for (const Module& module : graph_.modules) {
      if (module.options == nullptr) continue;
      const auto next = static_cast<std::uint32_t>(all.size() + 1);
      if (options_.try_emplace(module.options, next).second) all.push_back(module.options);
    }
    out_.varint(all.size());
    for (const EffectiveOptions* one : all) {
      out_.varint(one->sections.size());
      for (const std::uint32_t section : one->sections) out_.varint(section);
    }
  }

  std::uint32_t number(const std::string& other) {
    const auto [known, is_new] = numbers_.try_emplace(other, static_cast<std::uint32_t>(others_.size()));
    if (is_new) others_.push_back(other);
    return known->second;
  }

  void number_others(const Module& module) {
    for (const SuppressedImport& import : module.suppressed) number(import.name);
    for (const ImportReport& report : module.reports) number(report.target);
  }

  void write_module(const Module& module) {
    out_.fixed<std::uint8_t>(static_cast<std::uint8_t>(
        flag(module.is_directory, kDirectory) | flag(module.root_source, kRootSource) |
        flag(module.ignore_all, kIgnoreAll) | flag(!module.ancestors.empty(), kAncestors) |
        flag(module.imported_from.has_value(), kImported) | flag(module.file != nullptr, kFile)));
    out_.varint(module.options == nullptr ? 0 : options_.at(module.options));
    out_.varint(module.order);
    out_.varint(module.dependencies.size());
    for (const Dependency& dependency : module.dependencies) {
      out_.varint(dependency.module.value);
      out_.fixed(dependency.priority);
      out_.varint(dependency.line);
    }
    out_.varint(module.suppressed.size());
    for (const SuppressedImport& import : module.suppressed) {
      out_.varint(number(import.name));
      out_.fixed(import.priority);
      out_.varint(import.line);
    }
    out_.varint(module.reports.size());
    for (const ImportReport& report : module.reports) {
      out_.fixed(static_cast<std::uint8_t>(report.kind));
      out_.varint(number(report.target));
      out_.varint(report.line);
      out_.fixed(static_cast<std::uint8_t>(report.reason));
      out_.string(report.path);
    }
    if (!module.imported_from) return;
    out_.varint(module.imported_from->first.value);
    out_.varint(module.imported_from->second);
  }

  void write_file(const ScannedFile& file) {
    out_.digest(file.digest);
    out_.digest(file.code);
    out_.digest(file.shape);
    out_.raw({reinterpret_cast<const char*>(file.sha1.data()), file.sha1.size()});
    out_.varint(file.size);
    const ImportShape shape = import_shape(file.imports());
    out_.digest(shape.digest);
    out_.varint(shape.lines.size());
    std::uint32_t before = 0;
    for (const std::uint32_t line : shape.lines) {
      out_.signed_varint(std::int64_t{line} - before);
      before = line;
    }
  }

  void write_components(const Condensation& components) {
    out_.varint(components.size());
    for (const Component& component : components.components()) {
      out_.varint(component.modules.size());
      for (const ModuleId module : component.modules) out_.varint(module.value);
      out_.varint(component.dependencies.size());
      for (const ComponentId below : component.dependencies) out_.varint(below.value);
      out_.varint(component.wave);
    }
  }

  ByteWriter& out_;
  const ModuleGraph& graph_;
  std::vector<std::string> others_;  // names that need not be those of modules
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::unordered_map<const EffectiveOptions*, std::uint32_t> options_;
};

// In a block of a file's imports: the digest, then the lines.
ImportShape read_shape(ByteReader& in) {
  ImportShape shape;
  shape.digest = in.digest();
  shape.lines.resize(in.count(1));
  std::uint32_t line = 0;
  for (std::uint32_t& one : shape.lines) {
    // Without a sign, so that no bytes make it overflow.
    line = static_cast<std::uint32_t>(line + static_cast<std::uint64_t>(in.signed_varint()));
    one = line;
  }
  return shape;
}

// Gives the bytes that read_shape() reads.
std::string_view skip_shape(ByteReader& in) {
  const std::string_view rest = in.rest();
  in.raw(sizeof(Digest::bytes));
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) in.signed_varint();
  return rest.substr(0, rest.size() - in.remaining());
}

class GraphReader {
 public:
  GraphReader(ByteReader& in, OptionsTable& table) : in_(in), table_(table) {}

  StoredGraph read() {
    const NameArena names = read_name_arena(in_);
    const NameArena paths = read_name_arena(in_);
    const NameArena canonical = read_name_arena(in_);
    others_ = read_name_arena(in_);
    std::vector<Module>& modules = stored_.graph.modules;
    if (paths.size() != names.size() || canonical.size() != names.size()) in_.fail();
    if (!in_.ok() || in_.remaining() / kSmallestModule < names.size()) return fail();
    modules.resize(names.size());
    has_file_.resize(names.size());
    read_options();
    stored_.graph.reserve_names(names.size());
    for (std::uint32_t i = 0; i < modules.size() && in_.ok(); ++i) {
      modules[i].name = names[i];
      modules[i].path = paths[i];
      modules[i].canonical_path = canonical[i];
      if (!stored_.graph.add_name({i})) in_.fail();
      read_module(modules[i], i);
    }
    stored_.imports.resize(modules.size());
    for (std::uint32_t i = 0; i < modules.size() && in_.ok(); ++i) {
      if (has_file_[i]) read_file(modules[i], stored_.imports[i]);
    }
    read_missing();
    read_components();
    return in_.ok() ? std::move(stored_) : fail();
  }

 private:
  StoredGraph fail() {
    in_.fail();
    return {};
  }

  // A number below `count`.
  std::uint32_t below(std::size_t count) {
    const auto value = in_.narrow<std::uint32_t>();
    if (value >= count) in_.fail();
    return in_.ok() ? value : 0;
  }

  std::string other() {
    const std::uint32_t id = below(others_.size());
    return in_.ok() ? std::string(others_[id]) : std::string();
  }

  template <typename Enum>
  Enum one_of(Enum last) {
    const auto value = in_.fixed<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) in_.fail();
    return static_cast<Enum>(value);
  }

  void read_options() {
    for (std::size_t left = in_.count(1); left > 0 && in_.ok(); --left) {
      std::vector<std::uint32_t> sections(in_.count(1));
      for (std::uint32_t& section : sections) section = in_.narrow<std::uint32_t>();
      options_.push_back(table_.of_sections(std::move(sections)));
      if (options_.back() == nullptr) in_.fail();
    }
  }

  void read_module(Module& module, std::uint32_t index) {
    const auto flags = in_.fixed<std::uint8_t>();
    module.is_directory = (flags & kDirectory) != 0;
    module.root_source = (flags & kRootSource) != 0;
    module.ignore_all = (flags & kIgnoreAll) != 0;
    if ((flags & kAncestors) != 0) module.ancestors = packages_above(module.name);
    has_file_[index] = (flags & kFile) != 0;
    if (const std::uint32_t options = below(options_.size() + 1); options > 0) {
      module.options = options_[options - 1];
    }
    module.order = in_.narrow<std::uint32_t>();
    const std::size_t count = stored_.graph.modules.size();
    module.dependencies.resize(in_.count(kSmallestImport));
    for (Dependency& dependency : module.dependencies) {
      dependency.module = {below(count)};
      dependency.priority = in_.fixed<std::uint8_t>();
      dependency.line = in_.narrow<std::uint32_t>();
    }
    module.suppressed.resize(in_.count(kSmallestImport));
    for (SuppressedImport& import : module.suppressed) {
      import.name = other();
      import.priority = in_.fixed<std::uint8_t>();
      import.line = in_.narrow<std::uint32_t>();
    }
    module.reports.resize(in_.count(kSmallestImport));
    for (ImportReport& report : module.reports) {
      report.kind = one_of(ImportReport::Kind::kSkippedAncestor);
      report.target = other();
      report.line = in_.narrow<std::uint32_t>();
      report.reason = one_of(NotFoundReason::kApprovedStubsNotInstalled);
      report.path = in_.string();
    }
    if ((flags & kImported) == 0) return;
    const std::uint32_t importer = below(count);
    // Importers are found first; so a chain of them ends.
    if (importer >= index) in_.fail();
    module.imported_from.emplace(ModuleId{importer}, in_.narrow<std::uint32_t>());
  }

  void read_file(Module& module, std::string_view& imports) {
    ScannedFile& file = stored_.files.emplace_back();
    module.file = &file;
    file.digest = in_.digest();
    file.code = in_.digest();
    file.shape = in_.digest();
    const std::string_view sha1 = in_.raw(file.sha1.size());
    std::copy(sha1.begin(), sha1.end(), file.sha1.begin());
    file.size = in_.varint();
    imports = skip_shape(in_);
  }

  void read_missing() {
    for (std::size_t left = in_.count(2); left > 0 && in_.ok(); --left) {
      std::string name = other();
      const auto reason = in_.fixed<std::uint8_t>();
      if (reason < 1 || reason > 2) in_.fail();
      stored_.graph.missing.emplace_hint(stored_.graph.missing.end(), std::move(name),
                                         static_cast<SuppressionReason>(reason));
    }
  }

  void read_components() {
    const std::size_t modules = stored_.graph.modules.size();
    std::vector<Component> components(std::min(in_.count(kSmallestImport), modules));
    std::vector<ComponentId> of_module(modules, ComponentId{static_cast<std::uint32_t>(modules)});
    for (std::uint32_t i = 0; i < components.size() && in_.ok(); ++i) {
      Component& component = components[i];
      component.modules.resize(in_.count(1));
      for (ModuleId& module : component.modules) {
        module = {below(modules)};
        if (!in_.ok() || of_module[module.value].value != modules) return in_.fail();
        of_module[module.value] = {i};
      }
      component.dependencies.resize(in_.count(1));
      for (ComponentId& dependency : component.dependencies) {
        dependency = {below(i)};
        if (!in_.ok()) return;
        components[dependency.value].dependents.push_back({i});
      }
      component.wave = in_.narrow<std::uint32_t>();
      if (component.wave > i || component.modules.empty()) in_.fail();
    }
    const auto is_free = [modules](ComponentId id) { return id.value == modules; };
    if (std::any_of(of_module.begin(), of_module.end(), is_free)) return in_.fail();
    stored_.components.emplace(std::move(components), std::move(of_module));
  }

  ByteReader& in_;
  OptionsTable& table_;
  StoredGraph stored_;
  NameArena others_;
  std::vector<bool> has_file_;
  std::vector<const EffectiveOptions*> options_;
};

}  // namespace

ImportShape StoredGraph::imports_of(ModuleId module) const {
  ByteReader in(imports[module.value]);
  return read_shape(in);
}

void write_graph(ByteWriter& out, const ModuleGraph& graph, const Condensation& components) {
  GraphWriter(out, graph).write(components);
}

StoredGraph read_graph(ByteReader& in, OptionsTable& table) {
  return GraphReader(in, table).read();
}

}  // namespace graph

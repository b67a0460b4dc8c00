#include "graph/graph_loader.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "graph/core_modules.h"
#include "graph/import_edges.h"
#include "graph/module_path.h"
#include "graph/module_scans.h"
#include "graph/name_table.h"
#include "graph/result.h"

namespace graph {
namespace {

constexpr std::uint32_t kNoModule = 0xffffffff;

// One load. Every function that may meet a blocking error returns false (or kBlocked) after setting blocker_.
class GraphLoader final : private ModuleLookup {
 public:
  explicit GraphLoader(const LoadInputs& inputs)
      : inputs_(inputs), names_(inputs.resolver.names()), edges_(names_), scans_(inputs) {}

  LoadedGraph load();

 private:
  enum class Creation { kCreated, kMissing, kBlocked };
  enum class Partial : std::uint8_t { kUnknown, kNo, kYes };

  struct NameState {
    std::uint32_t module = kNoModule;
    bool parsed = false;  // its imports are known (mypy: in BuildManager.modules)
    bool source = false;
    bool core = false;
    Partial partial = Partial::kUnknown;
    std::optional<SuppressionReason> missing;
    const EffectiveOptions* options = nullptr;
  };

  // What the graph's module does not hold, or only at the end.
  struct Node {
    NameId name;
    bool parsed = false;
    const ImportScan* scan = nullptr;
    std::vector<NameId> ancestors;  // nearest first
    std::vector<ImportEdge> edges;
    std::vector<ImportEdge> suppressed;
  };

  // Who wants a module to be created: an import statement, a submodule, or (neither) a look in passing.
  struct Demand {
    std::uint32_t caller = kNoModule;
    std::uint32_t line = 1;
    std::uint32_t ancestor_of = kNoModule;
  };

  bool is_module(NameId name) override;

  bool check_core_modules();
  bool create_sources();
  bool create_source(const Source& source);
  bool follow_imports();
  bool follow_imports_of(std::uint32_t index);
  bool parse(std::span<const std::uint32_t> batch);
  bool scan_files(std::span<const std::uint32_t> batch);
  bool collect_edges(std::uint32_t index, std::span<const AddedDependency> added);
  std::optional<std::vector<std::vector<AddedDependency>>> ask_plugins(std::span<const std::uint32_t> batch);
  void restore_suppressed();
  void finish();
  void finish_module(std::uint32_t index);

  Creation create(NameId name, const Demand& demand);
  Creation refuse(NameId name, const Demand& demand, const std::string& path, FollowImports follow);
  FollowImports effective_follow_imports(NameId name, std::string_view path);
  bool is_silent(FollowImports follow, std::string_view path) const {
    return follow == FollowImports::kSilent || (!inputs_.options.no_silence_site_packages &&
                                                inputs_.resolver.lies_in_site_packages_or_typeshed(path));
  }
  bool report_missing(NameId name, const Demand& demand, NotFoundReason reason);
  bool in_partial_package(NameId name, bool& partial);
  bool look_at_package(NameId name, std::optional<bool>& partial);
  void add_module(NameId name, Module module);

  bool is_stripped(const Module& module, const ImportScan& scan) const {
    return module.ignore_all || module.options->options.ignore_errors || scan.ignores_errors;
  }

  NameState& state(NameId name);
  const Resolution& find(NameId name, bool fast_path) { return inputs_.resolver.find(name, fast_path); }
  const EffectiveOptions& options_of(NameId name);
  std::vector<Module>& modules() { return loaded_.graph.modules; }
  bool block(std::string sentence) {
    loaded_.blocker = std::move(sentence);
    return false;
  }

  bool doubt(const std::string& path, const ScannedFile& file) {
    return block("mypy has to judge " + path + ": " + file.scan.doubt);
  }

  const LoadInputs& inputs_;
  LoadedGraph loaded_;
  NameTable& names_;
  ImportEdges edges_;
  ModuleScans scans_;
  std::vector<NameState> states_;  // by NameId
  std::deque<Node> nodes_;         // by ModuleId
  std::vector<std::uint32_t> unparsed_;
  std::vector<bool> dropped_;  // edges of the module whose imports are being followed
  std::unordered_map<std::string, std::uint32_t> by_file_;
  const ImportScan no_imports_;
  std::uint32_t order_ = 0;
};

LoadedGraph GraphLoader::load() {
  if (check_core_modules() && create_sources() && follow_imports()) {
    // No module joins the graph from here on.
    restore_suppressed();
    finish();
  }
  return std::move(loaded_);
}

GraphLoader::NameState& GraphLoader::state(NameId name) {
  if (name.value >= states_.size()) states_.resize(names_.size() + names_.size() / 2);
  return states_[name.value];
}

bool GraphLoader::is_module(NameId name) {
  const NameState& known = state(name);
  return known.parsed || known.source || find(name, true).found;
}

const EffectiveOptions& GraphLoader::options_of(NameId name) {
  const EffectiveOptions*& options = state(name).options;
  if (options == nullptr) options = &inputs_.table.for_module(names_.text(name));
  return *options;
}

bool GraphLoader::check_core_modules() {
  for (const std::string_view module : kCoreModules) {
    const NameId name = names_.intern(module);
    state(name).core = true;
    const Resolution& resolution = find(name, true);
    if (!resolution.found) {
      return block("mypy finds no builtin module \"" + std::string(module) + "\"");
    }
    if (!inputs_.resolver.lies_in_typeshed(resolution.path) && !lies_in_stub_package(resolution.path)) {
      return block(resolution.path + " shadows library module \"" + std::string(module) + "\"");
    }
  }
  return true;
}

bool GraphLoader::create_sources() {
  for (const Source& source : inputs_.sources) {
    state(names_.intern(source.module.empty() ? "__main__" : source.module)).source = true;
  }
  modules().reserve(inputs_.sources.size() + inputs_.sources.size() / 8 + 64);
  for (const Source& source : inputs_.sources) {
    if (!create_source(source)) return false;
  }
  std::vector<std::uint32_t> batch(nodes_.size());
  for (std::uint32_t i = 0; i < batch.size(); ++i) batch[i] = i;
  unparsed_.clear();
  if (!parse(batch)) return false;
  for (const std::uint32_t index : batch) {
    const Module& module = modules()[index];
    if (!module.text) by_file_.insert_or_assign(absolute_path(inputs_.options.cwd, module.path), index);
  }
  return true;
}

bool GraphLoader::create_source(const Source& source) {
  ++order_;
  const NameId name = names_.intern(source.module.empty() ? "__main__" : source.module);
  Module module;
  module.path = source.path;
  module.text = source.text;
  module.root_source = true;
  module.options = &options_of(name);
  if (module.text) {
    module.path = "<string>";
  } else if (module.path.empty()) {
    const Resolution& resolution = find(name, false);
    if (!resolution.found) return block("Cannot find module \"" + source.module + "\"");
    module.path = resolution.path;
    module.is_directory = !is_python_file_name(module.path) && inputs_.files.is_directory(module.path);
  }
  const std::uint32_t twin = state(name).module;
  if (twin != kNoModule) {
    return block("Duplicate module named \"" + source.module + "\": " + module.path + " and " +
                 modules()[twin].path);
  }
  add_module(name, std::move(module));
  return true;
}

void GraphLoader::add_module(NameId name, Module module) {
  const std::uint32_t index = static_cast<std::uint32_t>(nodes_.size());
  module.name = names_.text(name);
  module.order = order_;
  Node node;
  node.name = name;
  if (module.text || !has_dotted_stem(module.path)) {
    for (NameId id = name; names_.has_parent(id);) {
      id = names_.parent(id);
      node.ancestors.push_back(id);
    }
  }
  nodes_.push_back(std::move(node));
  modules().push_back(std::move(module));
  state(name).module = index;
  unparsed_.push_back(index);
}

bool GraphLoader::parse(std::span<const std::uint32_t> batch) {
  if (!scan_files(batch)) return false;
  // All of a batch count as modules before the imports of its first are looked at.
  for (const std::uint32_t index : batch) {
    nodes_[index].parsed = true;
    state(nodes_[index].name).parsed = true;
  }
  const auto added = ask_plugins(batch);
  if (!added) return block("a plugin does not say which dependencies it adds");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!collect_edges(batch[i], (*added)[i])) return false;
  }
  return true;
}

std::optional<std::vector<std::vector<AddedDependency>>> GraphLoader::ask_plugins(
    std::span<const std::uint32_t> batch) {
  if (!inputs_.plugins) return std::vector<std::vector<AddedDependency>>(batch.size());
  std::vector<const Module*> asked;
  for (const std::uint32_t index : batch) asked.push_back(&modules()[index]);
  return inputs_.plugins(asked);
}

bool GraphLoader::scan_files(std::span<const std::uint32_t> batch) {
  std::vector<ScanRequest> requests;
  requests.reserve(batch.size());
  for (const std::uint32_t index : batch) {
    const Module& module = modules()[index];
    if (module.is_directory || module.text) continue;
    requests.push_back(ScanRequest{.path = module.path, .target = &scans_.target_of(*module.options)});
  }
  const std::vector<const ScannedFile*> files = inputs_.scanner.scan(requests);
  INVARIANT(files.size() == requests.size(), "a scanner answers every request");
  std::size_t next = 0;
  for (const std::uint32_t index : batch) {
    Module& module = modules()[index];
    Node& node = nodes_[index];
    if (module.is_directory) {
      node.scan = &no_imports_;
      continue;
    }
    const ScanTarget& target = scans_.target_of(*module.options);
    module.file = module.text ? inputs_.scanner.scan_text(*module.text, target) : files[next++];
    if (!module.file->unreadable.empty()) {
      return block("Cannot read file " + module.path + ": " + module.file->unreadable);
    }
    node.scan =
        module.text ? scans_.settle_text(*module.file) : scans_.settle(*module.file, module.path, target);
    if (node.scan == nullptr) return doubt(module.path, *module.file);
  }
  return true;
}

bool GraphLoader::collect_edges(std::uint32_t index, std::span<const AddedDependency> added) {
  const Module& module = modules()[index];
  Node& node = nodes_[index];
  std::optional<std::vector<ImportEdge>> edges = edges_.edges_of(
      Importer{.name = node.name, .path = module.path, .stripped = is_stripped(module, *node.scan)},
      *node.scan, *this, added);
  if (!edges) {
    return block(module.path + ": No parent module -- cannot perform relative import");
  }
  node.edges = std::move(*edges);
  return true;
}

bool GraphLoader::follow_imports() {
  for (std::uint32_t index = 0; index < nodes_.size(); ++index) {
    if (!nodes_[index].parsed) {
      const std::vector<std::uint32_t> batch = std::exchange(unparsed_, {});
      if (!parse(batch)) return false;
    }
    if (!follow_imports_of(index)) return false;
  }
  return true;
}

bool GraphLoader::follow_imports_of(std::uint32_t index) {
  Node& node = nodes_[index];
  dropped_.assign(node.edges.size(), false);
  const auto suppress = [&](std::size_t place) {
    dropped_[place] = true;
    node.suppressed.push_back(node.edges[place]);
  };
  for (const NameId ancestor : node.ancestors) {
    if (state(ancestor).module != kNoModule) continue;
    const Creation creation = create(ancestor, Demand{.ancestor_of = index});
    if (creation == Creation::kBlocked) return false;
    if (creation == Creation::kCreated) continue;
    const auto edge = std::find_if(node.edges.begin(), node.edges.end(),
                                   [&](const ImportEdge& e) { return e.name == ancestor; });
    if (edge != node.edges.end()) suppress(static_cast<std::size_t>(edge - node.edges.begin()));
  }
  for (std::size_t place = 0; place < node.edges.size(); ++place) {
    const ImportEdge& edge = node.edges[place];
    if (dropped_[place]) {
      std::optional<SuppressionReason>& missing = state(edge.name).missing;
      if (!missing) missing = SuppressionReason::kNotFound;
      continue;
    }
    if (state(edge.name).module != kNoModule) continue;
    const Creation creation = create(edge.name, Demand{.caller = index, .line = edge.line});
    if (creation == Creation::kBlocked) return false;
    if (creation == Creation::kMissing) suppress(place);
  }
  if (!node.suppressed.empty()) {
    std::size_t kept = 0;
    for (std::size_t place = 0; place < node.edges.size(); ++place) {
      if (!dropped_[place]) node.edges[kept++] = node.edges[place];
    }
    node.edges.resize(kept);
  }
  return true;
}

GraphLoader::Creation GraphLoader::create(NameId name, const Demand& demand) {
  ++order_;
  const EffectiveOptions& options = options_of(name);
  const Resolution& resolution = find(name, false);
  if (!resolution.found) {
    const bool silent = demand.caller == kNoModule || options.options.ignore_missing_imports;
    if (!silent && !report_missing(name, demand, resolution.reason)) return Creation::kBlocked;
    state(name).missing = SuppressionReason::kNotFound;
    return Creation::kMissing;
  }
  std::string path = resolution.path;
  const FollowImports follow = effective_follow_imports(name, path);
  if (follow == FollowImports::kSkip || follow == FollowImports::kError) {
    return refuse(name, demand, path, follow);
  }
  Module module;
  module.ignore_all = is_silent(follow, path);
  module.path = std::move(path);
  module.options = &options;
  module.is_directory = !is_python_file_name(module.path) && inputs_.files.is_directory(module.path);
  if (demand.caller != kNoModule) module.imported_from.emplace(ModuleId{demand.caller}, demand.line);
  const std::uint32_t index = static_cast<std::uint32_t>(nodes_.size());
  const auto [twin, is_new] = by_file_.try_emplace(absolute_path(inputs_.options.cwd, module.path), index);
  if (!is_new) {
    block("Source file found twice under different module names: \"" + modules()[twin->second].name +
          "\" and \"" + std::string(names_.text(name)) + "\"");
    return Creation::kBlocked;
  }
  add_module(name, std::move(module));
  return Creation::kCreated;
}

// Of a module that no source names: core modules and, unless told otherwise, stubs are always followed.
FollowImports GraphLoader::effective_follow_imports(NameId name, std::string_view path) {
  const ModuleOptions& options = options_of(name).options;
  const bool normal_stub = path.ends_with(".pyi") && !options.follow_imports_for_stubs;
  return normal_stub || state(name).core ? FollowImports::kNormal : options.follow_imports;
}

GraphLoader::Creation GraphLoader::refuse(NameId name, const Demand& demand, const std::string& path,
                                          FollowImports follow) {
  NameState& refused = state(name);
  if (follow == FollowImports::kError) {
    const bool ancestor = demand.ancestor_of != kNoModule;
    Module& importer = modules()[ancestor ? demand.ancestor_of : demand.caller];
    importer.reports.push_back(
        ImportReport{.kind = ancestor ? ImportReport::Kind::kSkippedAncestor : ImportReport::Kind::kSkipped,
                     .target = std::string(names_.text(name)),
                     .line = demand.line,
                     .path = path});
  }
  refused.missing = refused.options->options.ignore_missing_imports ? SuppressionReason::kNotFound
                                                                    : SuppressionReason::kSkipped;
  return Creation::kMissing;
}

bool GraphLoader::report_missing(NameId name, const Demand& demand, NotFoundReason reason) {
  bool partial = false;
  if (!in_partial_package(name, partial)) return false;
  if (partial) return true;
  modules()[demand.caller].reports.push_back(ImportReport{.kind = ImportReport::Kind::kNotFound,
                                                          .target = std::string(names_.text(name)),
                                                          .line = demand.line,
                                                          .reason = reason,
                                                          .path = {}});
  return true;
}

// Whether the nearest package above `name` that exists says by a module-level __getattr__ that it is partial.
bool GraphLoader::in_partial_package(NameId name, bool& partial) {
  while (names_.has_parent(name)) {
    name = names_.parent(name);
    if (state(name).partial == Partial::kUnknown) {
      std::optional<bool> answer;
      if (state(name).parsed) {
        const std::uint32_t index = state(name).module;
        answer = nodes_[index].scan->module_getattr && is_package_stub(modules()[index].path);
      } else if (!look_at_package(name, answer)) {
        return false;
      }
      if (!answer) continue;
      state(name).partial = *answer ? Partial::kYes : Partial::kNo;
    }
    partial = state(name).partial == Partial::kYes;
    return true;
  }
  partial = false;
  return true;
}

// Reads a package that is not in the graph, with everything mypy does on the way: it counts as a creation,
// and its imports are looked up.
bool GraphLoader::look_at_package(NameId name, std::optional<bool>& partial) {
  ++order_;
  // Too many dots in a relative import lead up to an empty name, for which mypy takes that of a script.
  if (names_.text(name).empty()) name = names_.intern("__main__");
  Module module;
  module.options = &options_of(name);
  const Resolution& resolution = find(name, false);
  if (!resolution.found) return true;
  module.path = resolution.path;
  if (!is_python_file_name(module.path) && inputs_.files.is_directory(module.path)) {
    partial = false;
    return true;
  }
  module.ignore_all = is_silent(effective_follow_imports(name, module.path), module.path);
  const ScanTarget& target = scans_.target_of(*module.options);
  const ScanRequest request{.path = module.path, .target = &target};
  const ScannedFile& file = *inputs_.scanner.scan({&request, 1}).front();
  if (!file.unreadable.empty()) return true;
  const ImportScan* scan = scans_.settle(file, module.path, target);
  if (scan == nullptr) return doubt(module.path, file);
  const Importer importer{.name = name, .path = module.path, .stripped = is_stripped(module, *scan)};
  if (!edges_.edges_of(importer, *scan, *this)) {
    return block(module.path + ": No parent module -- cannot perform relative import");
  }
  partial = scan->module_getattr && is_package_stub(module.path);
  return true;
}

// A module that failed for one importer may have joined the graph later, as the parent of another.
void GraphLoader::restore_suppressed() {
  for (Node& node : nodes_) {
    std::erase_if(node.suppressed, [&](const ImportEdge& edge) {
      if (state(edge.name).module == kNoModule) return false;
      node.edges.push_back(edge);
      state(edge.name).missing.reset();
      return true;
    });
  }
}

void GraphLoader::finish() {
  loaded_.graph.reserve_names(nodes_.size());
  for (std::uint32_t index = 0; index < nodes_.size(); ++index) finish_module(index);
  for (std::uint32_t id = 0; id < states_.size(); ++id) {
    if (states_[id].missing) loaded_.graph.missing.emplace(names_.text(NameId{id}), *states_[id].missing);
  }
}

void GraphLoader::finish_module(std::uint32_t index) {
  Module& module = modules()[index];
  const Node& node = nodes_[index];
  loaded_.graph.add_name({index});
  module.canonical_path = module.text ? module.path : inputs_.canonical_path(module.path);
  module.dependencies.reserve(node.edges.size());
  for (const ImportEdge& edge : node.edges) {
    const std::uint32_t target = state(edge.name).module;
    INVARIANT(target != kNoModule, "an import that is not suppressed leads to a module");
    module.dependencies.push_back(
        Dependency{.module = ModuleId{target}, .priority = edge.priority, .line = edge.line});
  }
  module.suppressed.reserve(node.suppressed.size());
  for (const ImportEdge& edge : node.suppressed) {
    module.suppressed.push_back(SuppressedImport{
        .name = std::string(names_.text(edge.name)), .priority = edge.priority, .line = edge.line});
  }
  module.ancestors.reserve(node.ancestors.size());
  for (const NameId ancestor : node.ancestors) module.ancestors.emplace_back(names_.text(ancestor));
}

}  // namespace

LoadedGraph load_graph(const LoadInputs& inputs) {
  return GraphLoader(inputs).load();
}

}  // namespace graph

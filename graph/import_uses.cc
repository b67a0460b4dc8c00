#include "graph/import_uses.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "graph/module_path.h"

namespace graph {
namespace {

ImportUse use_of(const ImportStatement& statement) {
  if (!statement.top_level) return ImportUse::kFunction;
  return statement.mypy_only ? ImportUse::kTypeChecking : ImportUse::kRunTime;
}

// Where no source is at hand: the priority tells most of it.
ImportPlaces places_by_priority(const Dependency& dependency) {
  ImportPlaces places{.use = ImportUse::kRunTime, .lines = {dependency.line}};
  if (dependency.priority == kPriorityMypyOnly) places.use = ImportUse::kTypeChecking;
  if (dependency.priority == kPriorityLow) places.use = ImportUse::kFunction;
  return places;
}

// What a relative import starts from.
std::string_view base_of(const Module& importer, std::uint32_t dots) {
  std::string_view base = importer.name;
  if (is_package_file(importer.path)) --dots;
  for (; dots > 0; --dots) {
    const std::size_t dot = base.rfind('.');
    base = base.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  return base;
}

void set_source(std::string& source, const Module& importer, const ImportStatement& statement) {
  if (statement.dots == 0) {
    source = statement.module;
    return;
  }
  source = base_of(importer, statement.dots);
  if (!statement.module.empty()) source.append(1, '.').append(statement.module);
}

// The places of one module's dependencies.
class Places {
 public:
  Places(const ModuleGraph& graph, const Module& importer) : importer_(importer) {
    places_.resize(importer.dependencies.size());
    index_.reserve(importer.dependencies.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      index_.emplace(graph[importer.dependencies[i].module].name, i);
    }
  }

  std::vector<ImportPlaces> collect() {
    const ImportScan& scan = importer_.file->imports();
    const bool stripped = importer_.ignore_all || scan.ignores_errors ||
                          (importer_.options != nullptr && importer_.options->options.ignore_errors);
    for (const ImportStatement& statement : scan.imports) {
      if (!stripped || !statement.in_dropped_body) add_statement(statement);
    }
    for (ImportPlaces& places : places_) {
      std::sort(places.lines.begin(), places.lines.end());
      places.lines.erase(std::unique(places.lines.begin(), places.lines.end()), places.lines.end());
    }
    return std::move(places_);
  }

 private:
  void add_statement(const ImportStatement& statement) {
    set_source(name_, importer_, statement);
    const std::string_view source = name_;
    const ImportUse use = use_of(statement);
    add(source, use, statement.line);
    if (statement.kind == ImportKind::kImport) {
      for (std::size_t dot = source.rfind('.'); dot != std::string_view::npos && dot > 0;
           dot = source.rfind('.', dot - 1)) {
        add(source.substr(0, dot), ImportUse::kImplied, statement.line);
      }
    }
    if (statement.names.empty()) return;
    name_ += '.';
    const std::size_t begin = name_.size();
    for (const std::string& name : statement.names) {
      name_.resize(begin);
      add(name_ += name, use, statement.line);
    }
  }

  void add(std::string_view name, ImportUse use, std::uint32_t line) {
    const auto known = index_.find(name);
    if (known == index_.end()) return;
    ImportPlaces& places = places_[known->second];
    places.use = std::min(places.use, use);
    places.lines.push_back(line);
  }

  const Module& importer_;
  std::string name_;  // that is looked up
  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<ImportPlaces> places_;
};

}  // namespace

ImportUses import_uses(const ModuleGraph& graph) {
  ImportUses uses;
  uses.reserve(graph.modules.size());
  for (const Module& module : graph.modules) {
    if (module.file != nullptr) {
      uses.push_back(Places(graph, module).collect());
      continue;
    }
    std::vector<ImportPlaces>& places = uses.emplace_back();
    for (const Dependency& dependency : module.dependencies) {
      places.push_back(places_by_priority(dependency));
    }
  }
  return uses;
}

}  // namespace graph

#include "graph/import_edges.h"

#include <algorithm>

#include "graph/module_graph.h"
#include "graph/module_path.h"

namespace graph {
namespace {

std::uint8_t import_priority(const ImportStatement& statement, std::uint8_t base) {
  if (!statement.top_level) return kPriorityLow;
  if (statement.mypy_only) return std::max(kPriorityMypyOnly, base);
  return base;
}

}  // namespace

ImportEdges::ImportEdges(NameTable& names)
    : names_(names),
      builtins_(names.intern("builtins")),
      template_library_(names.intern("string.templatelib")) {}

std::optional<std::vector<ImportEdge>> ImportEdges::edges_of(const Importer& importer, const ImportScan& scan,
                                                             ModuleLookup& lookup,
                                                             std::span<const AddedDependency> added) {
  ++stamp_;
  edges_.clear();
  for (const ImportStatement& statement : scan.imports) {
    if (importer.stripped && statement.in_dropped_body) continue;
    if (statement.kind == ImportKind::kImport) {
      add_import(statement);
    } else if (!add_from(importer, statement, lookup)) {
      return std::nullopt;
    }
  }
  // A module's import of itself is no edge.
  std::erase_if(edges_, [&](const ImportEdge& edge) { return edge.name == importer.name; });
  const auto more_dots = [&](const ImportEdge& a, const ImportEdge& b) {
    return names_.dots(a.name) > names_.dots(b.name);
  };
  if (!std::is_sorted(edges_.begin(), edges_.end(), more_dots)) {
    std::stable_sort(edges_.begin(), edges_.end(), more_dots);
  }
  for (const AddedDependency& one : added) {
    const NameId name = names_.intern(one.name);
    if (name != importer.name) add_by_plugin({.name = name, .priority = one.priority, .line = one.line});
  }
  if (importer.name != builtins_) add_implicit(builtins_);
  if (importer.stripped ? scan.template_strings_kept : scan.template_strings) add_implicit(template_library_);
  return std::vector<ImportEdge>(edges_.begin(), edges_.end());
}

void ImportEdges::add(NameId name, std::uint8_t priority, std::uint32_t line) {
  if (name.value >= places_.size()) places_.resize(names_.size() + names_.size() / 2);
  Place& place = places_[name.value];
  if (place.stamp == stamp_) {
    ImportEdge& edge = edges_[place.index];
    edge.priority = std::min(edge.priority, priority);
    return;
  }
  place = Place{.stamp = stamp_, .index = static_cast<std::uint32_t>(edges_.size())};
  edges_.push_back(ImportEdge{.name = name, .priority = priority, .line = line});
}

// Unlike `add` these are called when the edges have moved.
std::vector<ImportEdge>::iterator ImportEdges::find(NameId name) {
  return std::find_if(edges_.begin(), edges_.end(),
                      [&](const ImportEdge& edge) { return edge.name == name; });
}

void ImportEdges::add_by_plugin(const ImportEdge& edge) {
  const auto known = find(edge.name);
  if (known == edges_.end()) {
    edges_.push_back(edge);
  } else {
    known->priority = std::min(known->priority, edge.priority);
  }
}

void ImportEdges::add_implicit(NameId name) {
  if (find(name) != edges_.end()) return;
  edges_.push_back(ImportEdge{.name = name, .priority = kPriorityHigh, .line = 1});
}

void ImportEdges::add_import(const ImportStatement& statement) {
  const std::uint8_t ancestor_priority = import_priority(statement, kPriorityLow);
  const NameId name = names_.intern(statement.module);
  add(name, import_priority(statement, kPriorityMedium), statement.line);
  // Outermost ancestor first.
  const std::size_t first = edges_.size();
  for (NameId id = name; names_.has_parent(id);) {
    id = names_.parent(id);
    add(id, ancestor_priority, statement.line);
  }
  if (edges_.size() - first < 2) return;
  std::reverse(edges_.begin() + static_cast<std::ptrdiff_t>(first), edges_.end());
  for (std::size_t i = first; i < edges_.size(); ++i) {
    places_[edges_[i].name.value].index = static_cast<std::uint32_t>(i);
  }
}

bool ImportEdges::add_from(const Importer& importer, const ImportStatement& statement, ModuleLookup& lookup) {
  const std::optional<NameId> source = source_of(importer, statement);
  if (!source) return false;
  bool only_modules = statement.kind == ImportKind::kFrom;
  const std::uint8_t submodule_priority = import_priority(statement, kPriorityMedium);
  for (const std::string& imported : statement.names) {
    const NameId name = names_.intern_child(*source, imported);
    if (lookup.is_module(name)) {
      add(name, submodule_priority, statement.line);
    } else {
      only_modules = false;
    }
  }
  // When all names are modules the package itself matters less, which breaks cycles.
  add(*source, import_priority(statement, only_modules ? kPriorityLow : kPriorityHigh), statement.line);
  return true;
}

std::optional<NameId> ImportEdges::source_of(const Importer& importer, const ImportStatement& statement) {
  if (statement.dots == 0) return names_.intern(statement.module);
  std::uint32_t up = statement.dots;
  if (is_package_file(importer.path)) --up;
  NameId base = importer.name;
  if (up > names_.dots(base)) {
    // Too many dots leave an empty name: alone it is an error, with more behind it is a module nobody has.
    if (statement.module.empty()) return std::nullopt;
    return names_.intern("." + statement.module);
  }
  for (; up > 0; --up) base = names_.parent(base);
  std::string_view rest = statement.module;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    base = names_.intern_child(base, rest.substr(0, dot));
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  }
  return base;
}

}  // namespace graph

// From the import statements of a module to its dependencies: names, priorities and lines in mypy's order.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/import_scanner.h"
#include "graph/name_table.h"

namespace graph {

// One imported module, found or not.
struct ImportEdge {
  NameId name;
  std::uint8_t priority = 0;
  std::uint32_t line = 1;  // of the first import
};

// A dependency that no import statement names: a plugin of mypy's adds it.
struct AddedDependency {
  std::string name;
  std::uint8_t priority = 0;
  std::uint32_t line = 1;  // plugins mostly give -1, in two's complement
};

// Tells whether a name is a module of this run (mypy: BuildManager.is_module). Asking may look at the disk.
class ModuleLookup {
 public:
  virtual ~ModuleLookup() = default;
  virtual bool is_module(NameId name) = 0;
};

// Who imports.
struct Importer {
  NameId name;
  std::string_view path;  // decides how many dots a relative import in `__init__.py` takes
  bool stripped = false;  // its function bodies are dropped before imports are collected
};

// Turns scans into edges (build.py: all_imported_modules_in_file, correct_rel_imp, compute_dependencies).
class ImportEdges {
 public:
  explicit ImportEdges(NameTable& names);

  // The edges of one module, each name once, names with more dots first, added ones and then implicit ones at
  // the end. Nothing if a relative import leaves the module's own name empty, which mypy reports as a
  // blocking error. Look-ups are made in the order of the statements.
  std::optional<std::vector<ImportEdge>> edges_of(const Importer& importer, const ImportScan& scan,
                                                  ModuleLookup& lookup,
                                                  std::span<const AddedDependency> added = {});

 private:
  void add(NameId name, std::uint8_t priority, std::uint32_t line);
  void add_by_plugin(const ImportEdge& edge);
  void add_implicit(NameId name);
  std::vector<ImportEdge>::iterator find(NameId name);
  void add_import(const ImportStatement& statement);
  bool add_from(const Importer& importer, const ImportStatement& statement, ModuleLookup& lookup);
  std::optional<NameId> source_of(const Importer& importer, const ImportStatement& statement);

  NameTable& names_;
  NameId builtins_;
  NameId template_library_;
  std::vector<ImportEdge> edges_;
  // Where a name stands in `edges_`, valid when its stamp is that of the current module.
  struct Place {
    std::uint32_t stamp = 0;
    std::uint32_t index = 0;
  };
  std::vector<Place> places_;
  std::uint32_t stamp_ = 0;
};

}  // namespace graph

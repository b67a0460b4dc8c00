// What the graph reads of the user's mypy options, as the probe reported them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/digest.h"
#include "graph/import_scanner.h"

namespace graph {

enum class FollowImports : std::uint8_t { kNormal, kSilent, kSkip, kError };

// The options of one module that decide about its imports and its place in the graph.
struct ModuleOptions {
  bool ignore_missing_imports = false;
  bool follow_imports_for_stubs = false;
  bool follow_untyped_imports = false;
  bool ignore_errors = false;
  bool local_partial_types = true;
  FollowImports follow_imports = FollowImports::kNormal;
  std::vector<std::string> always_true;
  std::vector<std::string> always_false;
};

// One `[mypy-PATTERN]` section.
struct OptionsSection {
  std::string pattern;
  // Only what the section sets; absent means inherited.
  std::optional<bool> ignore_missing_imports, follow_imports_for_stubs, follow_untyped_imports, ignore_errors,
      local_partial_types;
  std::optional<FollowImports> follow_imports;
  std::optional<std::vector<std::string>> always_true, always_false;
  // Canonical text of everything the section sets (JSON with sorted keys), for digests.
  std::string changes;
};

// The effective options of a module and the sections they come from.
struct EffectiveOptions {
  ModuleOptions options;
  std::vector<std::uint32_t> sections;  // indices into the table's sections, in the order they are applied
  Digest digest;  // of the sections' changes in that order; the global options are apart
};

// Resolves per-module options by mypy's precedence (options.py: build_per_module_cache, clone_for_module):
// a concrete name, else the nearest `a.b.*` above, then every matching unstructured glob in file order.
class OptionsTable {
 public:
  OptionsTable(ModuleOptions global, std::vector<OptionsSection> sections);

  // The options of `module`; marks the sections used. The reference stays valid as long as the table.
  const EffectiveOptions& for_module(std::string_view module);
  // Sections that no module asked for so far, sorted; mypy's "unused section(s)".
  std::vector<std::string> unused_sections() const;
  const std::vector<OptionsSection>& sections() const { return sections_; }

 private:
  const EffectiveOptions* intern(std::vector<std::uint32_t> applied);
  std::vector<std::uint32_t> inherited(std::string_view key);

  ModuleOptions global_;
  std::vector<OptionsSection> sections_;
  std::vector<std::uint32_t> globs_;  // unstructured patterns in file order
  std::unordered_map<std::string, std::vector<std::uint32_t>> structured_;  // key -> applied sections
  std::map<std::vector<std::uint32_t>, EffectiveOptions> interned_;
  std::unordered_map<std::string, const EffectiveOptions*> by_module_;
  std::vector<bool> used_;
};

// The directories modules are looked up in, absolute, in order (modulefinder.py: compute_search_paths).
struct SearchPaths {
  std::vector<std::string> python_path;   // base directories of the sources, last first; cwd last
  std::vector<std::string> mypy_path;     // $MYPYPATH, then the option mypy_path
  std::vector<std::string> package_path;  // the interpreter's sys.path and site-packages
  std::vector<std::string> typeshed_path;
};

// mypy's tables of stub distributions (stubinfo.py), from the user's mypy.
struct StubTables {
  std::unordered_map<std::string, std::string> flat;  // top-level module -> distribution (bundled and not)
  std::unordered_map<std::string, std::string> namespaced;  // dotted module -> distribution
};

// Global options of the run that the graph reads.
struct BuildOptions {
  std::string cwd;  // absolute
  int python_major = 3;
  int python_minor = 0;
  std::string platform;
  bool namespace_packages = true;
  bool explicit_package_bases = false;
  bool fast_module_lookup = false;
  bool no_silence_site_packages = false;
  bool scripts_are_modules = false;
  bool exclude_gitignore = false;
  std::vector<std::string> exclude;  // Python regular expressions
  // What to check, as the user named it: exactly one of the three groups is non-empty.
  std::vector<std::string> files;
  std::vector<std::string> packages, modules;
  std::optional<std::string> command;  // -c
  // Without python_path, which follows from the sources.
  SearchPaths search_paths;
  // The parts of mypy_path that explicit package bases are made of: $MYPYPATH and option, absolute.
  std::map<std::string, std::pair<std::string, std::string>> typeshed_versions;  // module -> (min, max or "")
  StubTables stubs;
};

}  // namespace graph

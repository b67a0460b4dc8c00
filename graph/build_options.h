// What the graph reads of the user's mypy options, as the probe reported them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
  std::optional<bool> ignore_missing_imports{}, follow_imports_for_stubs{}, follow_untyped_imports{},
      ignore_errors{}, local_partial_types{};
  std::optional<FollowImports> follow_imports{};
  std::optional<std::vector<std::string>> always_true{}, always_false{};
  // Canonical text of everything the section sets (JSON with sorted keys), for digests.
  std::string changes{};
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
  // Of two sections with one pattern the later content counts, at the place of the first, as in a dict.
  OptionsTable(ModuleOptions global, std::vector<OptionsSection> sections);
  OptionsTable(const OptionsTable&) = delete;  // hands out references into itself
  OptionsTable& operator=(const OptionsTable&) = delete;

  // The options of `module`; marks the sections used. The reference stays valid as long as the table.
  const EffectiveOptions& for_module(std::string_view module);
  // Those of which an earlier table with these sections said that it applied these, in this order; marks
  // nothing. Null if there are no such sections.
  const EffectiveOptions* of_sections(std::vector<std::uint32_t> sections);
  // Sections that no module asked for so far, sorted; mypy's "unused section(s)". A glob section that matches
  // the name of a concrete section counts as used, as in mypy.
  std::vector<std::string> unused_sections() const;
  const std::vector<OptionsSection>& sections() const { return sections_; }
  // Which sections were asked for so far, in their order; and the same of an earlier table with these
  // sections: false if it is not.
  const std::vector<bool>& used() const { return used_; }
  bool restore_used(const std::vector<bool>& used);

 private:
  using Applied = std::vector<std::uint32_t>;  // indices into sections_, in the order they are applied

  // Lets a map of strings be asked with a view.
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  template <typename T>
  using NameMap = std::unordered_map<std::string, T, NameHash, std::equal_to<>>;

  void inherit_sections();
  Applied applied_to(std::string_view module);
  const EffectiveOptions& intern(Applied applied);
  void mark_used(std::string_view pattern);

  ModuleOptions global_;
  std::vector<OptionsSection> sections_;
  NameMap<std::uint32_t> by_pattern_;
  std::vector<std::uint32_t> globs_;  // unstructured patterns in file order
  NameMap<Applied> structured_;       // pattern -> what applies to it, its own section last
  std::map<Applied, EffectiveOptions> interned_;
  NameMap<const EffectiveOptions*> by_module_;
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
  // dotted module -> distribution: mypy's tables of all namespaces in one
  std::unordered_map<std::string, std::string> namespaced;

  // The distribution with the stubs of `module`, or null (mypy: stub_distribution_name).
  const std::string* distribution_of(std::string_view module) const;
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
  // What to check, as the user named it (config or command line): files, or packages and modules, or -c.
  std::vector<std::string> files;
  std::vector<std::string> packages, modules;
  std::optional<std::string> command;  // -c
  // Without python_path, which follows from the sources.
  SearchPaths search_paths;
  // The part of package_path that comes from sys.path, in order: all that -p looks through (mypy: main.py).
  std::vector<std::string> sys_path;
  // typeshed's VERSIONS: module -> (first, last version or ""), as "3.10"
  std::map<std::string, std::pair<std::string, std::string>> typeshed_versions;
  StubTables stubs;
};

}  // namespace graph

// Finds the file of a module by mypy's rules. The order of the search and what is remembered of it follow
// modulefinder.py's FindModuleCache step by step, because both can be seen in the answers.
#include "graph/module_resolver.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <unordered_set>
#include <utility>

#include "graph/posix_path.h"
#include "graph/python_text.h"
#include "graph/result.h"
#include "graph/search_directories.h"
#include "graph/source_filter.h"

namespace graph {
namespace {

using Version = std::pair<int, int>;

Version parse_version(std::string_view text) {
  Version version{0, 0};
  const std::size_t dot = std::min(text.find('.'), text.size());
  std::from_chars(text.data(), text.data() + dot, version.first);
  if (dot < text.size()) std::from_chars(text.data() + dot + 1, text.data() + text.size(), version.second);
  return version;
}

// Whether typeshed's VERSIONS lets the target have the module named by its line.
bool covers(const std::pair<std::string, std::string>& range, Version target) {
  return target >= parse_version(range.first) &&
         (range.second.empty() || target <= parse_version(range.second));
}

bool is_init_name(std::string_view name) {
  return name == "__init__.py" || name == "__init__.pyi";
}

std::vector<std::string> without_repeats(const std::vector<std::string>& directories) {
  std::vector<std::string> unique;
  for (const std::string& directory : directories) {
    if (std::find(unique.begin(), unique.end(), directory) == unique.end()) unique.push_back(directory);
  }
  return unique;
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

struct ModuleResolver::State {
  // What one search gave, and whether it may be remembered.
  struct Search {
    Resolution result;
    bool cacheable = true;
  };
  // Where installed packages offer a module.
  struct Installed {
    std::vector<SearchDirectory> stubs, inlined;
    bool without_hints = false;
  };

  State(const BuildOptions& options, SearchPaths paths, OptionsTable& table, FileSystem& files,
        std::unordered_map<std::string, std::string> source_modules);

  // What all modules with the same parent share; a top-level module shares nothing.
  struct Siblings {
    std::vector<SearchDirectory>* own = nullptr;
    std::vector<SearchDirectory>* typeshed = nullptr;
    bool may_be_installed = false;
    const std::string* distribution = nullptr;  // with stubs of those that have none to their name
    bool own_distributions = false;             // some have
  };

  const Resolution& find(NameId id, bool fast_path);
  Search search(NameId id);
  std::optional<std::string> search_directories(NameId id, const Siblings& siblings, Installed& installed);
  Siblings siblings_of(const ModuleName& name);
  const Siblings& known_siblings_of(NameId id);
  const Resolution& remember(NameId id, Resolution&& result);
  NotFoundReason reason_without(NameId id, const Siblings& siblings, bool without_hints);
  bool typeshed_allows(std::string_view id) const;
  bool found_above_cwd(NameId id);
  std::string_view last_part(NameId id) const {
    const std::string_view text = names.text(id);
    return text.substr(text.rfind('.') + 1);  // npos + 1 is 0
  }
  Installed installed_directories(const ModuleName& name);
  void add_stub_package(const ModuleName& name, const std::string& package_dir, Installed& installed);
  void add_inline_package(const ModuleName& name, const std::string& package_dir, Installed& installed);
  bool stubs_are_partial(const std::string& stub_dir);
  void prime_ancestors(const ModuleName& name, std::string_view path);
  std::optional<Resolution> find_among_sources(std::string_view id);
  bool find_recursive(const std::string& module, std::vector<std::pair<std::string, std::string>>& found);

  const BuildOptions& options;
  const SearchPaths paths;
  OptionsTable& table;
  FileSystem& files;
  const std::unordered_map<std::string, std::string> source_modules;

  DirectorySearch directory_search;
  LibraryPath own;  // mypy_path, then python_path
  LibraryPath typeshed;
  LibraryPath packages;
  const std::vector<std::string> package_dirs;
  std::optional<std::vector<LibraryPath>> above_cwd;  // the parents of cwd while each has an __init__

  NameTable names;
  std::vector<const Resolution*> results;         // by NameId; null when not known
  std::deque<Resolution> found_modules;           // what results point to, and the static kMissing
  std::vector<std::uint32_t> siblings_by_parent;  // by NameId: place in all_siblings, from 1
  std::deque<Siblings> all_siblings;
  Siblings passing_siblings;  // of the last top-level module
  std::unordered_map<std::string, std::string> namespace_ancestors;
  std::unordered_map<std::string, bool> partial_stubs;
  Resolution passing;  // the last answer that must not be remembered
  std::optional<SourceFilter> filter;
};

ModuleResolver::State::State(const BuildOptions& build_options, SearchPaths search_paths,
                             OptionsTable& options_table, FileSystem& file_system,
                             std::unordered_map<std::string, std::string> sources)
    : options(build_options),
      paths(std::move(search_paths)),
      table(options_table),
      files(file_system),
      source_modules(std::move(sources)),
      directory_search(files, options.namespace_packages),
      own(joined(paths.mypy_path, paths.python_path), files),
      typeshed(paths.typeshed_path, files),
      packages(paths.package_path, files),
      package_dirs(without_repeats(paths.package_path)) {}

const Resolution& ModuleResolver::State::find(NameId id, bool fast_path) {
  if (id.value < results.size() && results[id.value] != nullptr) return *results[id.value];
  Search answer = search(id);
  if (!answer.cacheable) {
    passing = std::move(answer.result);
    return passing;
  }
  Resolution& result = answer.result;
  if (!fast_path && !options.fast_module_lookup && !result.found &&
      result.reason == NotFoundReason::kNotFound && found_above_cwd(id)) {
    result.reason = NotFoundReason::kWrongWorkingDirectory;
  }
  return remember(id, std::move(result));
}

const Resolution& ModuleResolver::State::remember(NameId id, Resolution&& result) {
  static const Resolution kMissing;  // what most names are that are imported from a module
  if (id.value >= results.size()) results.resize(names.size() + names.size() / 2);
  const bool plainly_missing = !result.found && result.reason == NotFoundReason::kNotFound;
  results[id.value] = plainly_missing ? &kMissing : &found_modules.emplace_back(std::move(result));
  return *results[id.value];
}

bool ModuleResolver::State::typeshed_allows(std::string_view id) const {
  const Version target = std::max(Version{options.python_major, options.python_minor}, Version{3, 10});
  auto line = options.typeshed_versions.find(std::string(id));
  if (line == options.typeshed_versions.end())
    line = options.typeshed_versions.find(std::string(id.substr(0, id.find('.'))));
  return line == options.typeshed_versions.end() || covers(line->second, target);
}

ModuleResolver::State::Siblings ModuleResolver::State::siblings_of(const ModuleName& name) {
  Siblings siblings{.own = &own.directories_for(name, directory_search),
                    .typeshed = &typeshed.directories_for(name, directory_search)};
  const std::string_view first = name.parts.front();
  siblings.may_be_installed =
      packages.holding(first) != nullptr || packages.holding(std::string(first) + "-stubs") != nullptr;
  if (name.depth() == 0) {
    siblings.own_distributions = true;
    return siblings;
  }
  const std::string parent(name.text.substr(0, name.text.rfind('.')));
  siblings.distribution = options.stubs.distribution_of(parent);
  siblings.own_distributions =
      std::any_of(options.stubs.namespaced.begin(), options.stubs.namespaced.end(), [&](const auto& entry) {
        return entry.first.starts_with(parent) && entry.first.size() > parent.size();
      });
  return siblings;
}

const ModuleResolver::State::Siblings& ModuleResolver::State::known_siblings_of(NameId id) {
  if (!names.has_parent(id)) return passing_siblings = siblings_of(ModuleName(names.text(id)));
  const NameId parent = names.parent(id);
  if (parent.value >= siblings_by_parent.size()) siblings_by_parent.resize(names.size() + names.size() / 2);
  std::uint32_t& place = siblings_by_parent[parent.value];
  if (place == 0) {
    all_siblings.push_back(siblings_of(ModuleName(names.text(id))));
    place = static_cast<std::uint32_t>(all_siblings.size());
  }
  return all_siblings[place - 1];
}

ModuleResolver::State::Search ModuleResolver::State::search(NameId id) {
  const std::string_view text = names.text(id);
  if (options.fast_module_lookup) {
    if (std::optional<Resolution> source = find_among_sources(text)) return {std::move(*source)};
  }
  const Siblings siblings = known_siblings_of(id);
  Installed installed;
  if (siblings.may_be_installed) installed = installed_directories(ModuleName(text));
  if (std::optional<std::string> path = search_directories(id, siblings, installed)) {
    return {{.found = true, .path = std::move(*path)}};
  }
  if (!namespace_ancestors.empty()) {
    const auto ancestor = namespace_ancestors.find(std::string(text));
    if (ancestor != namespace_ancestors.end()) return {{.found = true, .path = ancestor->second}};
  }
  const NotFoundReason reason = reason_without(id, siblings, installed.without_hints);
  // A later look-up of a typed subpackage can make such a package found (see namespace_ancestors).
  return {.result = {.reason = reason}, .cacheable = reason != NotFoundReason::kFoundWithoutTypeHints};
}

std::optional<std::string> ModuleResolver::State::search_directories(NameId id, const Siblings& siblings,
                                                                     Installed& installed) {
  std::vector<NearMiss> near_misses;
  const auto first_hit = [&](std::vector<SearchDirectory>& directories) -> std::optional<std::string> {
    for (SearchDirectory& directory : directories) {
      if (auto path = directory_search.find(directory, last_part(id), names.dots(id), near_misses))
        return path;
    }
    return std::nullopt;
  };
  if (auto path = first_hit(*siblings.own)) return path;
  if (!siblings.typeshed->empty() && typeshed_allows(names.text(id))) {
    if (auto path = first_hit(*siblings.typeshed)) return path;
  }
  if (auto path = first_hit(installed.stubs)) return path;
  if (auto path = first_hit(installed.inlined)) return path;
  if (!options.namespace_packages || near_misses.empty()) return std::nullopt;
  // The first of those whose outermost package with an __init__ is the highest.
  return std::max_element(near_misses.begin(), near_misses.end(),
                          [](const NearMiss& a, const NearMiss& b) { return a.level < b.level; })
      ->path;
}

NotFoundReason ModuleResolver::State::reason_without(NameId id, const Siblings& siblings,
                                                     bool without_hints) {
  const std::string* distribution =
      siblings.own_distributions ? options.stubs.distribution_of(names.text(id)) : siblings.distribution;
  if (distribution == nullptr) {
    return without_hints ? NotFoundReason::kFoundWithoutTypeHints : NotFoundReason::kNotFound;
  }
  // The outermost package with the same stubs: when those are installed, it is the module that is missing.
  std::vector<NameId> parents;  // innermost first
  for (NameId parent = id; names.has_parent(parent);) parents.push_back(parent = names.parent(parent));
  for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent) {
    const std::string* stubs_of_parent = options.stubs.distribution_of(names.text(*parent));
    if (stubs_of_parent == nullptr || *stubs_of_parent != *distribution) continue;
    const Resolution& found = find(*parent, /*fast_path=*/false);
    const bool installed = found.found || found.reason != NotFoundReason::kApprovedStubsNotInstalled;
    return installed ? NotFoundReason::kNotFound : NotFoundReason::kApprovedStubsNotInstalled;
  }
  return NotFoundReason::kApprovedStubsNotInstalled;
}

// mypy's _can_find_module_in_parent_dir.
bool ModuleResolver::State::found_above_cwd(NameId id) {
  if (!above_cwd) {
    above_cwd.emplace();
    std::string directory = options.cwd;
    while (true) {
      const auto* entries = files.list(directory);
      const auto is_init = [](const DirectoryEntry& entry) { return is_init_name(entry.name); };
      if (entries == nullptr || std::none_of(entries->begin(), entries->end(), is_init)) break;
      std::string parent(posix_path::dirname(directory));
      if (parent == directory) break;
      directory = std::move(parent);
      above_cwd->emplace_back(std::vector<std::string>{directory}, files);
    }
  }
  if (above_cwd->empty()) return false;
  const ModuleName name(names.text(id));
  for (LibraryPath& library : *above_cwd) {
    std::vector<NearMiss> near_misses;
    for (SearchDirectory& directory : library.directories_for(name, directory_search)) {
      if (directory_search.find(directory, name.last(), name.depth(), near_misses)) return true;
    }
    if (options.namespace_packages && !near_misses.empty()) return true;
  }
  return false;
}

ModuleResolver::State::Installed ModuleResolver::State::installed_directories(const ModuleName& name) {
  Installed installed;
  const std::string_view first = name.parts.front();
  const std::vector<std::string>* runtime = packages.holding(first);
  const std::vector<std::string>* stubs = packages.holding(std::string(first) + "-stubs");
  if (runtime == nullptr && stubs == nullptr) return installed;
  const auto holds = [](const std::vector<std::string>* holders, const std::string& directory) {
    return holders != nullptr && std::find(holders->begin(), holders->end(), directory) != holders->end();
  };
  for (const std::string& directory : package_dirs) {
    if (!holds(runtime, directory) && !holds(stubs, directory)) continue;
    add_stub_package(name, directory, installed);
    add_inline_package(name, directory, installed);
  }
  return installed;
}

void ModuleResolver::State::add_stub_package(const ModuleName& name, const std::string& package_dir,
                                             Installed& installed) {
  const std::string stub_dir = posix_path::join(package_dir, std::string(name.parts[0]) + "-stubs");
  if (!files.is_directory(stub_dir)) return;
  std::string path = package_dir;
  for (std::size_t i = 0; i < name.depth(); ++i) {
    path = i == 0 ? stub_dir : posix_path::join(path, name.parts[i]);
  }
  if (!files.is_directory(path)) return;
  const bool partial = stubs_are_partial(stub_dir);
  if (partial) {
    // For a top-level module this gives a trailing slash, and so paths like `site//a`, as in mypy.
    std::string runtime = posix_path::join(package_dir, name.parent_path);
    installed.inlined.push_back(directory_search.make(std::move(runtime), true, name));
  }
  // A partial stub package need not have an __init__.pyi, so its modules are not verified.
  installed.stubs.push_back(directory_search.make(std::move(path), !partial, name));
}

bool ModuleResolver::State::stubs_are_partial(const std::string& stub_dir) {
  const auto [it, is_new] = partial_stubs.try_emplace(stub_dir, false);
  if (is_new) {
    const std::string marker = posix_path::join(stub_dir, "py.typed");
    if (files.is_file(marker)) {
      const Result<std::string> content = files.read(marker);
      it->second = content.ok() && python_text::stripped(*content) == "partial";
    }
  }
  return it->second;
}

// mypy's _find_module_non_stub_helper.
void ModuleResolver::State::add_inline_package(const ModuleName& name, const std::string& package_dir,
                                               Installed& installed) {
  std::string parent = package_dir;  // of the module that is looked for
  for (std::size_t i = 0; i < name.depth(); ++i) parent = posix_path::join(parent, name.parts[i]);
  bool plausible = false;
  std::string level = package_dir;
  for (std::size_t i = 0; i < name.parts.size(); ++i) {
    level = posix_path::join(level, name.parts[i]);
    if (files.is_file(posix_path::join(level, "py.typed"))) {
      prime_ancestors(name, parent);
      installed.inlined.push_back(directory_search.make(std::move(parent), i == 0, name));
      return;
    }
    const bool is_directory = files.is_directory(level);
    plausible = plausible || is_directory || files.is_file(level + ".py");
    if (!is_directory) break;
  }
  if (!plausible) return;
  if (table.for_module(name.text).options.follow_untyped_imports) {
    prime_ancestors(name, parent);
    installed.inlined.push_back(directory_search.make(std::move(parent), false, name));
  } else {
    installed.without_hints = true;
  }
}

// mypy's _update_ns_ancestors: the directories of the packages around a typed one answer for them later.
void ModuleResolver::State::prime_ancestors(const ModuleName& name, std::string_view path) {
  std::string_view package = name.text;
  for (std::size_t i = 0; i < name.depth(); ++i) {
    package = package.substr(0, package.rfind('.'));
    std::string id(package);
    if (!namespace_ancestors.contains(id) && files.is_directory(std::string(path))) {
      namespace_ancestors.emplace(std::move(id), std::string(path));
    }
    path = posix_path::dirname(path);
  }
}

// mypy's find_module_via_source_set (fast_module_lookup).
std::optional<Resolution> ModuleResolver::State::find_among_sources(std::string_view id) {
  const auto has_init = [this](const std::string& directory) {
    return files.is_file(posix_path::join(directory, "__init__.pyi")) ||
           files.is_file(posix_path::join(directory, "__init__.py"));
  };
  const auto source = source_modules.find(std::string(id));
  if (source != source_modules.end() && !source->second.empty() && files.is_file(source->second)) {
    std::string directory(posix_path::dirname(source->second));
    for (auto dots = std::count(id.begin(), id.end(), '.'); dots > 0; --dots) {
      if (!has_init(directory)) return std::nullopt;
      directory = std::string(posix_path::dirname(directory));
    }
    return Resolution{.found = true, .path = source->second};
  }
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::optional<Resolution> parent = find_among_sources(id.substr(0, dot));
  if (!parent || !parent->found) return std::nullopt;
  const auto [stem, extension] = posix_path::split_extension(parent->path);
  const bool is_package = parent->path.ends_with("__init__.py") || parent->path.ends_with("__init__.pyi");
  const bool is_module = extension == ".py" || extension == ".pyi";
  // A plain module has no submodules: looking elsewhere for one could only find something unrelated.
  if (!is_package && is_module && !files.is_directory(std::string(stem))) return Resolution{};
  return std::nullopt;
}

bool ModuleResolver::State::find_recursive(const std::string& module,
                                           std::vector<std::pair<std::string, std::string>>& found) {
  const Resolution& resolution = find(names.intern(module), /*fast_path=*/true);
  if (!resolution.found) return true;
  const std::string path = resolution.path;
  found.emplace_back(module, path);
  std::string package;
  if (is_init_name(posix_path::basename(path))) {
    package = std::string(posix_path::dirname(path));
  } else if (files.is_directory(path)) {
    package = path;
  } else {
    return true;
  }
  const auto* entries = files.list(posix_path::normalise(package));
  if (entries == nullptr) return false;
  std::unordered_set<std::string_view> seen;  // stems of what the package gave so far
  for (const DirectoryEntry& entry : *entries) {
    const SourceFilter::Verdict verdict = filter->judge(posix_path::join(package, entry.name), entry);
    if (verdict == SourceFilter::Verdict::kDoubtful) return false;
    if (verdict == SourceFilter::Verdict::kSkipped) continue;
    const auto [stem, extension] = posix_path::split_extension(entry.name);
    std::string_view child = entry.name;
    if (entry.kind == FileKind::kDirectory) {
      const std::string directory = posix_path::join(package, entry.name);
      if (!options.namespace_packages && !files.is_file(posix_path::join(directory, "__init__.py")) &&
          !files.is_file(posix_path::join(directory, "__init__.pyi"))) {
        continue;
      }
    } else {
      const bool is_module = extension == ".py" || extension == ".pyi";
      if (stem == "__init__" || !is_module || stem.find('.') != std::string_view::npos) continue;
      if (seen.contains(stem)) continue;
      child = stem;
    }
    seen.insert(child);
    if (!find_recursive(module + "." + std::string(child), found)) return false;
  }
  return true;
}

ModuleResolver::ModuleResolver(const BuildOptions& options, SearchPaths paths, OptionsTable& table,
                               FileSystem& files, std::unordered_map<std::string, std::string> source_modules)
    : state_(std::make_unique<State>(options, std::move(paths), table, files, std::move(source_modules))) {}

ModuleResolver::~ModuleResolver() = default;

NameTable& ModuleResolver::names() {
  return state_->names;
}

const Resolution& ModuleResolver::find(NameId module, bool fast_path) {
  return state_->find(module, fast_path);
}

std::optional<std::vector<std::pair<std::string, std::string>>> ModuleResolver::find_recursive(
    const std::string& package) {
  if (!state_->filter) state_->filter.emplace(state_->options);
  if (state_->filter->doubt()) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> found;
  if (!state_->find_recursive(package, found)) return std::nullopt;
  return found;
}

const SearchPaths& ModuleResolver::paths() const {
  return state_->paths;
}

bool ModuleResolver::lies_in_site_packages_or_typeshed(std::string_view path) const {
  const std::vector<std::string>& directories = state_->package_dirs;
  return std::any_of(directories.begin(), directories.end(),
                     [&](const std::string& directory) { return posix_path::lies_below(path, directory); }) ||
         lies_in_typeshed(path);
}

bool ModuleResolver::lies_in_typeshed(std::string_view path) const {
  const std::vector<std::string>& directories = state_->paths.typeshed_path;
  return std::any_of(directories.begin(), directories.end(),
                     [&](const std::string& directory) { return posix_path::lies_below(path, directory); });
}

}  // namespace graph

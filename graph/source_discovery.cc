// Which files a run checks and under which names, by mypy's rules (find_sources.py).
#include "graph/source_discovery.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graph/module_resolver.h"
#include "graph/posix_path.h"
#include "graph/python_text.h"
#include "graph/source_filter.h"

namespace graph {
namespace {

// Two links that lead back make a tree endless: the system lets each path follow 40. mypy would never be
// through.
constexpr std::size_t kMaxDirectories = 200'000;

// A module's name and the directory its outermost package lies in.
struct Place {
  std::string module;
  std::string base_directory;
};

std::string module_join(const std::string& parent, std::string_view child) {
  return parent.empty() ? std::string(child) : parent + "." + std::string(child);
}

// What a walk takes a look at in a directory. They sort as mypy goes through a directory's names: `__init__`
// first, then directories, `.pyi`, `.py`.
struct Candidate {
  explicit Candidate(const DirectoryEntry& listed) : entry(&listed) {
    std::string_view extension;
    std::tie(stem, extension) = posix_path::split_extension(listed.name);
    kind = extension == ".pyi" ? 1 : extension == ".py" ? 2 : 0;
  }

  bool is_python() const { return kind != 0; }
  bool operator<(const Candidate& other) const { return key() < other.key(); }

  const DirectoryEntry* entry;
  std::string_view stem;
  int kind = 0;

 private:
  std::tuple<bool, int, std::string_view> key() const {
    return {stem != "__init__", kind, kind == 0 ? std::string_view(entry->name) : stem};
  }
};

std::string without_trailing_slash(std::string path) {
  if (path.ends_with('/')) path.pop_back();
  return path;
}

// Names modules by the packages around them (mypy: SourceFinder.crawl_up). A doubt is final: it is kept and
// what is returned from then on does not matter.
class PackageCrawler {
 public:
  PackageCrawler(const BuildOptions& options, FileSystem& files) : options_(options), files_(files) {
    if (!options.explicit_package_bases) return;
    for (const std::string& base : options.search_paths.mypy_path) {
      explicit_bases_.insert(without_trailing_slash(posix_path::absolute(base, options.cwd)));
    }
    explicit_bases_.insert(without_trailing_slash(options.cwd));
  }

  const std::optional<std::string>& doubt() const { return doubt_; }

  Place place_of(const std::string& path) {
    const auto [directory, filename] = posix_path::split(path);
    std::string_view name = filename;
    if (name.ends_with(".pyi")) {
      name.remove_suffix(4);
    } else if (name.ends_with(".py")) {
      name.remove_suffix(3);
    }
    if (name.empty()) name = filename;
    if (directory != last_directory_ || !last_place_) {
      last_directory_ = directory;
      const std::string absolute = posix_path::absolute(path, options_.cwd);
      last_place_ = place_of_directory(std::string(posix_path::dirname(absolute)));
    }
    Place place = *last_place_;
    if (name != "__init__") place.module = module_join(place.module, name);
    return place;
  }

 private:
  Place place_of_directory(const std::string& directory) {
    return crawl(directory).value_or(Place{.module = "", .base_directory = directory});
  }

  // A directory on the way up to one that is no package.
  struct Step {
    std::string directory;
    std::string parent;
    std::string name;  // as a package's
    bool is_package;   // clearly; else perhaps one without __init__
    bool is_ascii;
  };

  // Something only for what is clearly a package or an explicit base. Directories may lie deep: no recursion.
  std::optional<Place> crawl(std::string directory) {
    std::vector<Step> way;
    std::optional<Place> place;
    for (;;) {
      if (const auto known = crawled_.find(directory); known != crawled_.end()) {
        place = known->second;
        break;
      }
      std::optional<Step> step = step_at(directory);
      if (!step) {
        if (explicit_bases_.contains(without_trailing_slash(directory))) place = Place{"", directory};
        crawled_.emplace(directory, place);
        break;
      }
      directory = step->parent;
      way.push_back(*std::move(step));
    }
    for (; !way.empty(); way.pop_back()) {
      place = place_below(std::move(place), way.back());
      crawled_.emplace(way.back().directory, place);
    }
    return place;
  }

  // Nothing where the directories above do not matter.
  std::optional<Step> step_at(const std::string& directory) {
    if (explicit_bases_.contains(without_trailing_slash(directory))) return std::nullopt;
    auto [parent, name] = posix_path::split(directory);
    if (name.ends_with("-stubs")) name.remove_suffix(6);
    const bool ascii = python_text::is_ascii(name);
    if (has_init(directory)) {
      if (ascii && python_text::is_ascii_identifier(name)) {
        return Step{directory, std::string(parent), std::string(name), true, true};
      }
      doubt_ = "'" + directory + "' holds an __init__ file and may not be a valid package name";
      return std::nullopt;
    }
    if (name.empty() || parent.empty() || (ascii && !python_text::is_ascii_identifier(name)))
      return std::nullopt;
    if (!options_.namespace_packages) return std::nullopt;
    return Step{directory, std::string(parent), std::string(name), false, ascii};
  }

  std::optional<Place> place_below(std::optional<Place> above, const Step& step) {
    if (!above && !step.is_package) return std::nullopt;
    if (!step.is_ascii) {
      doubt_ = "only Python can tell whether '" + step.directory + "' is a valid package name";
      return std::nullopt;
    }
    if (!above) above = Place{.module = "", .base_directory = step.parent};
    above->module = module_join(above->module, step.name);
    return above;
  }

  bool has_init(const std::string& directory) {
    return files_.is_file(posix_path::join(directory, "__init__.pyi")) ||
           files_.is_file(posix_path::join(directory, "__init__.py"));
  }

  const BuildOptions& options_;
  FileSystem& files_;
  std::unordered_set<std::string> explicit_bases_;
  std::unordered_map<std::string, std::optional<Place>> crawled_;
  std::string last_directory_;  // as spelled, of the last file
  std::optional<Place> last_place_;
  std::optional<std::string> doubt_;
};

// Lists files and directories named by the user (mypy: create_source_list).
class SourceWalk {
 public:
  SourceWalk(const BuildOptions& options, FileSystem& files, const SourceFound& found)
      : options_(options), files_(files), found_(found), filter_(options), crawler_(options, files) {}

  SourceList run() {
    for (const std::string& named : options_.files) {
      take(posix_path::normalise(named));
      if (!list_.needs_mypy && crawler_.doubt()) list_.needs_mypy = crawler_.doubt();
      if (list_.needs_mypy) break;
    }
    return std::move(list_);
  }

 private:
  void take(const std::string& path) {
    if (!python_text::is_utf8(path)) {
      list_.needs_mypy = "the path '" + path + "' is not UTF-8";
    } else if (path.ends_with(".py") || path.ends_with(".pyi")) {
      add(path);
    } else if (files_.is_directory(path)) {
      if (const std::optional<std::string> doubt = filter_.doubt()) {
        list_.needs_mypy = doubt;
      } else if (!walk(path) && !list_.needs_mypy) {
        list_.needs_mypy = "there are no .py[i] files in directory '" + path + "'";
      }
    } else {
      const std::string_view script = options_.scripts_are_modules ? posix_path::basename(path) : "__main__";
      list_.sources.push_back(
          {.path = path, .module = std::string(script), .base_directory = {}, .text = {}});
    }
  }

  void add(const std::string& path) {
    Place place = crawler_.place_of(path);
    if (place.module.empty()) place.module = "__main__";
    list_.sources.push_back({.path = path,
                             .module = std::move(place.module),
                             .base_directory = std::move(place.base_directory),
                             .text = {}});
    if (found_) found_(list_.sources.back());
  }

  // A directory on the way down. One that gave sources hides modules of its name, and a stub the source
  // beside it.
  struct Level {
    std::string directory;
    std::vector<Candidate> candidates;
    std::size_t next = 0;    // of the candidates
    std::size_t before = 0;  // how many sources there were
    std::unordered_set<std::string_view> seen;
  };

  // Adds what lies below `directory`; whether there was anything. Directories may lie deep: no recursion.
  bool walk(const std::string& directory) {
    std::vector<Level> way;
    const std::size_t before = list_.sources.size();
    if (auto level = enter(directory)) way.push_back(*std::move(level));
    while (!way.empty() && !list_.needs_mypy) {
      Level& level = way.back();
      if (level.next == level.candidates.size()) {
        const bool any = list_.sources.size() > level.before;
        way.pop_back();
        if (any && !way.empty())
          way.back().seen.insert(way.back().candidates[way.back().next - 1].entry->name);
        continue;
      }
      const Candidate& candidate = level.candidates[level.next++];
      std::string path = posix_path::join(level.directory, candidate.entry->name);
      if (!visit(path, candidate, level.seen)) continue;
      if (auto below = enter(std::move(path))) way.push_back(*std::move(below));
    }
    return !list_.needs_mypy && list_.sources.size() > before;
  }

  std::optional<Level> enter(std::string directory) {
    const auto* listed = files_.list(directory);
    if (++directories_ > kMaxDirectories) {
      list_.endless =
          "the directory '" + directory + "' is one of more than " + std::to_string(kMaxDirectories);
      list_.needs_mypy = list_.endless;  // to stop here
    } else if (listed == nullptr) {
      list_.needs_mypy = "the directory '" + directory + "' cannot be walked";
    }
    if (list_.needs_mypy) return std::nullopt;
    Level level{
        .directory = std::move(directory), .candidates = {}, .before = list_.sources.size(), .seen = {}};
    level.candidates.reserve(listed->size());
    for (const DirectoryEntry& entry : *listed) {
      const Candidate candidate(entry);
      // On other files mypy's rules do not differ.
      if (entry.kind == FileKind::kDirectory || candidate.is_python()) level.candidates.push_back(candidate);
    }
    std::sort(level.candidates.begin(), level.candidates.end());
    return level;
  }

  // Whether it is a directory to enter.
  bool visit(const std::string& path, const Candidate& candidate,
             std::unordered_set<std::string_view>& seen) {
    const DirectoryEntry& entry = *candidate.entry;
    const SourceFilter::Verdict verdict = filter_.judge(path, entry);
    if (verdict == SourceFilter::Verdict::kDoubtful) {
      list_.needs_mypy = "only Python can tell whether '" + path + "' is excluded";
    } else if (verdict == SourceFilter::Verdict::kSkipped) {
      return false;
    } else if (entry.kind == FileKind::kDirectory) {
      return true;
    } else if (seen.insert(candidate.stem).second) {
      add(path);
      if (crawler_.doubt()) list_.needs_mypy = crawler_.doubt();
    }
    return false;
  }

  const BuildOptions& options_;
  FileSystem& files_;
  const SourceFound& found_;
  SourceFilter filter_;
  PackageCrawler crawler_;
  SourceList list_;
  std::size_t directories_ = 0;
};

// -p and -m. Packages are looked up through sys.path alone, without typeshed (mypy: main.py).
SourceList named_modules(const BuildOptions& options, OptionsTable& table, FileSystem& files) {
  SourceList list;
  SearchPaths paths{.python_path = {options.cwd},
                    .mypy_path = options.search_paths.mypy_path,
                    .package_path = options.sys_path,
                    .typeshed_path = {}};
  ModuleResolver resolver(options, std::move(paths), table, files, {});
  for (const std::string& package : options.packages) {
    if (package.find('/') != std::string::npos) {
      list.needs_mypy = "package name '" + package + "' holds a slash";
      return list;
    }
    const auto modules = resolver.find_recursive(package);
    if (!modules || modules->empty()) {
      list.needs_mypy = modules ? "cannot find package '" + package + "'"
                                : "only Python can list the modules of package '" + package + "'";
      return list;
    }
    for (const auto& [module, path] : *modules) {
      list.sources.push_back({.path = path, .module = module, .base_directory = {}, .text = {}});
    }
  }
  for (const std::string& module : options.modules) {
    list.sources.push_back({.path = {}, .module = module, .base_directory = {}, .text = {}});
  }
  return list;
}

}  // namespace

SourceList discover_sources(const BuildOptions& options, OptionsTable& table, FileSystem& files,
                            const SourceFound& found) {
  if (!options.packages.empty() || !options.modules.empty()) return named_modules(options, table, files);
  if (options.command) {
    SourceList list;
    list.sources.push_back({.path = {}, .module = "__main__", .base_directory = {}, .text = options.command});
    return list;
  }
  return SourceWalk(options, files, found).run();
}

std::vector<std::string> python_path_of(const std::vector<Source>& sources, const BuildOptions& options) {
  std::vector<std::string> path;
  // mypy does not repeat the working directory when that is typeshed itself.
  const std::vector<std::string>& typeshed = options.search_paths.typeshed_path;
  if (std::find(typeshed.begin(), typeshed.end(), options.cwd) == typeshed.end()) path.push_back(options.cwd);
  std::unordered_set<std::string_view> known;
  for (const Source& source : sources) {
    if (!source.base_directory || source.base_directory->empty()) continue;
    if (known.insert(*source.base_directory).second) path.push_back(*source.base_directory);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace graph

// Looks for the last part of a module name in the directories its package may lie in.
#include "graph/search_directories.h"

#include <algorithm>
#include <array>
#include <utility>

#include "graph/posix_path.h"

namespace graph {
namespace {

// In the order of preference.
constexpr std::array<std::string_view, 2> kExtensions{".pyi", ".py"};

bool is_init_file(std::string_view path) {
  const std::string_view name = posix_path::basename(path);
  return name == "__init__.py" || name == "__init__.pyi";
}

bool lists(FileSystem& files, std::string_view directory, std::string_view name) {
  const auto* entries = files.list(posix_path::normalise(directory));
  return entries != nullptr && find_entry(*entries, name) != nullptr;
}

std::string concatenated(std::string_view a, std::string_view b, std::string_view c,
                         std::string_view d = {}) {
  std::string text;
  text.reserve(a.size() + b.size() + c.size() + d.size());
  text.append(a).append(b).append(c).append(d);
  return text;
}

}  // namespace

ModuleName::ModuleName(std::string_view name) : text(name) {
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    parts.push_back(name.substr(start, end - start));
    start = end + 1;
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (i > 0) parent_path += '/';
    parent_path += parts[i];
  }
}

bool CaseSensitiveView::is_file(const std::string& path, std::string_view prefix) {
  if (!files_.is_file(path)) return false;
  const auto [head, tail] = posix_path::split(path);
  return !tail.empty() && lists(files_, head, tail) && exists(head, prefix);
}

bool CaseSensitiveView::exists(std::string_view path, std::string_view prefix) {
  while (true) {
    const auto [head, tail] = posix_path::split(path);
    if (!head.starts_with(prefix) || tail.empty()) return true;
    if (!lists(files_, head, tail)) return false;
    path = head;
  }
}

// What lies in one directory under the last part of a name.
struct DirectorySearch::Candidates {
  bool stub_package = false;                     // NAME-stubs/__init__.pyi
  std::array<bool, kExtensions.size()> inits{};  // NAME/__init__ with each extension
  bool namespace_portion = false;                // NAME is there and no file
  std::array<bool, kExtensions.size()> modules{};

  bool none() const { return *this == Candidates{}; }
  bool operator==(const Candidates&) const = default;
};

SearchDirectory DirectorySearch::make(std::string path, bool verify, const ModuleName& name) {
  std::string_view prefix = path;
  for (std::size_t i = 0; i < name.depth(); ++i) prefix = posix_path::dirname(prefix);
  SearchDirectory directory{.path = path, .verify = verify, .prefix = std::string(prefix)};
  if (!path.ends_with('/') && view_.exists(path, prefix)) directory.entries = view_.files().list(path);
  return directory;
}

DirectorySearch::Candidates DirectorySearch::candidates_listed(const SearchDirectory& directory,
                                                               std::string_view last) {
  Candidates found;
  const std::vector<DirectoryEntry>& entries = *directory.entries;
  const auto has_init = [&](const DirectoryEntry& entry, std::string_view extension) {
    const auto* inner = view_.files().list(concatenated(directory.path, "/", entry.name));
    if (inner == nullptr) return false;
    const DirectoryEntry* init = find_entry(*inner, concatenated("__init__", extension, ""));
    return init != nullptr && init->kind == FileKind::kFile;
  };
  auto it = std::lower_bound(entries.begin(), entries.end(), last,
                             [](const DirectoryEntry& entry, std::string_view wanted) {
                               return std::string_view(entry.name) < wanted;
                             });
  // All names of interest are the part itself and ones that go on with `-` or `.`, the next in the listing.
  for (; it != entries.end() && std::string_view(it->name).starts_with(last); ++it) {
    const std::string_view rest = std::string_view(it->name).substr(last.size());
    if (rest.empty()) {
      if (it->kind == FileKind::kDirectory) {
        for (std::size_t i = 0; i < kExtensions.size(); ++i) found.inits[i] = has_init(*it, kExtensions[i]);
      }
      found.namespace_portion = it->kind != FileKind::kFile;
    } else if (rest == "-stubs") {
      found.stub_package = it->kind == FileKind::kDirectory && has_init(*it, ".pyi");
    } else if (rest.front() > '.') {
      break;
    } else if (it->kind == FileKind::kFile) {
      for (std::size_t i = 0; i < kExtensions.size(); ++i) {
        if (rest == kExtensions[i]) found.modules[i] = true;
      }
    }
  }
  return found;
}

DirectorySearch::Candidates DirectorySearch::candidates_asked(const SearchDirectory& directory,
                                                              std::string_view last) {
  Candidates found;
  const std::string base = concatenated(directory.path, "/", last);
  found.stub_package = view_.is_file(base + "-stubs/__init__.pyi", directory.prefix);
  for (std::size_t i = 0; i < kExtensions.size(); ++i) {
    found.inits[i] = view_.is_file(concatenated(base, "/__init__", kExtensions[i]), directory.prefix);
    found.modules[i] = view_.is_file(concatenated(base, kExtensions[i], ""), directory.prefix);
  }
  found.namespace_portion = view_.exists(base, directory.prefix) && !view_.is_file(base, directory.prefix);
  return found;
}

SearchDirectory::Packages DirectorySearch::packages_around(std::string_view path,
                                                           const SearchDirectory& directory,
                                                           std::size_t depth) {
  if (is_init_file(path)) path = posix_path::dirname(path);
  SearchDirectory::Packages packages;
  for (std::size_t level = 1; level <= depth; ++level) {
    path = posix_path::dirname(path);
    const bool has_init =
        std::any_of(kExtensions.begin(), kExtensions.end(), [&](std::string_view extension) {
          const std::string init = posix_path::join(path, concatenated("__init__", extension, ""));
          return view_.is_file(init, directory.prefix);
        });
    if (has_init) packages.highest = level;
    packages.all = packages.all && has_init;
  }
  return packages;
}

const SearchDirectory::Packages& DirectorySearch::packages_of(SearchDirectory& directory, std::size_t depth) {
  if (!directory.packages) directory.packages = packages_around(directory.path + "/x", directory, depth);
  return *directory.packages;
}

std::optional<std::string> DirectorySearch::find(SearchDirectory& directory, std::string_view last,
                                                 std::size_t depth, std::vector<NearMiss>& near_misses) {
  const bool plain = !last.empty() && last.find('/') == std::string_view::npos;
  if (directory.entries == nullptr && plain && !directory.path.ends_with('/')) return std::nullopt;
  const Candidates found = directory.entries != nullptr && plain ? candidates_listed(directory, last)
                                                                 : candidates_asked(directory, last);
  if (found.none()) return std::nullopt;
  const auto packages = [&](const std::string& path) {
    // `p/__init__.py` found for the name `p.__init__` counts as p itself, one level up.
    const bool usual = plain && last != "__init__";
    return usual ? packages_of(directory, depth) : packages_around(path, directory, depth);
  };
  const auto accepted = [&](const std::string& path) {
    if (!directory.verify) return true;
    const SearchDirectory::Packages around = packages(path);
    if (around.all) return true;
    near_misses.push_back({path, around.highest});
    return false;
  };

  const std::string base = concatenated(directory.path, "/", last);
  std::string path;
  if (found.stub_package && accepted(path = base + "-stubs/__init__.pyi")) return path;
  bool has_init = false;
  for (std::size_t i = 0; i < kExtensions.size(); ++i) {
    if (!found.inits[i]) continue;
    has_init = true;
    if (accepted(path = concatenated(base, "/__init__", kExtensions[i]))) return path;
  }
  if (namespace_packages_ && !has_init && found.namespace_portion) {
    near_misses.push_back({base, packages(base).highest});
  }
  for (std::size_t i = 0; i < kExtensions.size(); ++i) {
    if (found.modules[i] && accepted(path = concatenated(base, kExtensions[i], ""))) return path;
  }
  return std::nullopt;
}

LibraryPath::LibraryPath(std::vector<std::string> directories, FileSystem& files)
    : directories_(std::move(directories)), files_(files) {}

void LibraryPath::read_listings() {
  listed_ = true;
  for (const std::string& directory : directories_) {
    const auto* entries = files_.list(directory);
    if (entries == nullptr) continue;
    for (const DirectoryEntry& entry : *entries) {
      std::vector<std::string>& holders =
          by_stem_[std::string(posix_path::split_extension(entry.name).first)];
      // A directory searched twice gives nothing new.
      if (std::find(holders.begin(), holders.end(), directory) == holders.end()) holders.push_back(directory);
    }
  }
}

const std::vector<std::string>* LibraryPath::holding(std::string_view name) {
  if (!listed_) read_listings();
  const auto it = by_stem_.find(std::string(name));
  return it == by_stem_.end() ? nullptr : &it->second;
}

std::vector<SearchDirectory>& LibraryPath::directories_for(const ModuleName& name, DirectorySearch& search) {
  const std::vector<std::string>* holders = holding(name.parts[0]);
  if (holders == nullptr) return nowhere_;
  // For a top-level module the answer depends on the name itself; no parent's path holds a dot.
  std::string key = name.depth() == 0 ? concatenated(".", name.parts[0], "") : name.parent_path;
  const auto [it, is_new] = by_parent_.try_emplace(std::move(key));
  std::vector<SearchDirectory>& directories = it->second;
  if (!is_new) return directories;
  for (const std::string& holder : *holders) {
    std::string path = name.parent_path.empty() ? holder : posix_path::join(holder, name.parent_path);
    if (files_.is_directory(path)) directories.push_back(search.make(std::move(path), true, name));
  }
  return directories;
}

}  // namespace graph

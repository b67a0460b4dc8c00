// Looks for the last part of a module name in the directories its package may lie in
// (modulefinder.py: the second half of FindModuleCache._find_module).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/file_system.h"

namespace graph {

// A dotted module name, taken apart.
struct ModuleName {
  // A view of `name`.
  explicit ModuleName(std::string_view name);

  std::string_view text;
  std::vector<std::string_view> parts;  // at least one; parts may be empty in odd names
  std::string parent_path;              // all parts but the last, joined by slashes

  std::string_view last() const { return parts.back(); }
  std::size_t depth() const { return parts.size() - 1; }
};

// A directory in which the last part of a module name is looked for.
struct SearchDirectory {
  std::string path;
  bool verify = true;  // every package on the way must have an `__init__.py[i]`
  std::string prefix;  // the entry of the search path it lies in
  // Of `path` when it can be listed together with all directories up to `prefix`; else null and every name is
  // asked for on its own.
  const std::vector<DirectoryEntry>* entries = nullptr;

  // Which packages enclosing this directory have an `__init__.py[i]`.
  struct Packages {
    bool all = true;
    std::size_t highest = 0;  // the outermost level that has one, from 1; 0 if none
  };
  std::optional<Packages> packages{};  // once it has been asked for
};

// Where a module was found although some package on the way has no `__init__`.
struct NearMiss {
  std::string path;
  std::size_t level = 0;
};

// File look-ups as mypy makes them: a name counts only if it is in the listing of its directory, and so up to
// the search path's entry (fscache.py: isfile_case, exists_case).
class CaseSensitiveView {
 public:
  explicit CaseSensitiveView(FileSystem& files) : files_(files) {}
  bool is_file(const std::string& path, std::string_view prefix);
  bool exists(std::string_view path, std::string_view prefix);
  FileSystem& files() { return files_; }

 private:
  FileSystem& files_;
};

class DirectorySearch {
 public:
  DirectorySearch(FileSystem& files, bool namespace_packages)
      : view_(files), namespace_packages_(namespace_packages) {}

  // A directory to search for modules as deep as `name`.
  SearchDirectory make(std::string path, bool verify, const ModuleName& name);
  // The first hit in `directory` for a module `depth` packages deep whose name ends in `last`; what
  // verification kept from being one goes to `near_misses`.
  std::optional<std::string> find(SearchDirectory& directory, std::string_view last, std::size_t depth,
                                  std::vector<NearMiss>& near_misses);

 private:
  struct Candidates;
  Candidates candidates_listed(const SearchDirectory& directory, std::string_view last);
  Candidates candidates_asked(const SearchDirectory& directory, std::string_view last);
  SearchDirectory::Packages packages_around(std::string_view path, const SearchDirectory& directory,
                                            std::size_t depth);
  const SearchDirectory::Packages& packages_of(SearchDirectory& directory, std::size_t depth);

  CaseSensitiveView view_;
  bool namespace_packages_;
};

// A list of directories to find top-level modules in (mypy: lib_path), with what it has learned of them.
class LibraryPath {
 public:
  LibraryPath(std::vector<std::string> directories, FileSystem& files);

  // The entries that may hold the top-level module `name`, by their listings; null if none.
  const std::vector<std::string>* holding(std::string_view name);
  // Where modules beside `name` are looked for; the same for all that share its parent.
  std::vector<SearchDirectory>& directories_for(const ModuleName& name, DirectorySearch& search);

 private:
  void read_listings();

  std::vector<std::string> directories_;
  FileSystem& files_;
  bool listed_ = false;
  std::unordered_map<std::string, std::vector<std::string>> by_stem_;
  std::unordered_map<std::string, std::vector<SearchDirectory>> by_parent_;
  std::vector<SearchDirectory> nowhere_;  // stays empty
};

}  // namespace graph

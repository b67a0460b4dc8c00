// Paths that mean the same file in every checkout, whoever owns it and wherever its environment lies.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/build_options.h"
#include "graph/file_system.h"

namespace graph {

// Maps a path as mypy prints it to a canonical one, by the nearest of the run's directories above it:
//   @typeshed/...  below the first typeshed directory, @typeshed2/... the second, and so on
//   @site/...      below the first existing package directory, @site2/... the second
//   @root/...      below the working directory
//   @path/...      below the first existing mypy_path directory outside of the working directory
//   /...           anything else: unique, but not the same on another machine
// Of one directory with two roles the first in this list counts. Within a run two files never share a
// canonical path; `a/../b` is resolved by text, links are not followed.
class CanonicalPaths {
 public:
  CanonicalPaths(std::string cwd, const SearchPaths& paths, FileSystem& files);

  std::string operator()(std::string_view path) const;
  // Whether a canonical path is the same on every machine.
  static bool is_relocatable(std::string_view canonical) { return canonical.starts_with('@'); }

 private:
  void add(const std::string& role, const std::vector<std::string>& directories);

  std::string cwd_;
  std::vector<std::pair<std::string, std::string>> roots_;  // directory -> name; longest directory first
};

}  // namespace graph

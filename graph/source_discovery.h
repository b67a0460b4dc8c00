// Which files a run checks and under which names, by mypy's rules (find_sources.py).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/build_options.h"
#include "graph/file_system.h"
#include "graph/result.h"

namespace graph {

// One module to check, as mypy's BuildSource: exactly one of `path` and `text` is set for files and -c; a
// module given by -m has neither and is looked up.
struct Source {
  std::string path;    // as mypy would print it; empty for -m and -c
  std::string module;  // dotted name; "__main__" for scripts and -c
  std::optional<std::string>
      base_directory;               // of files: the directory its top-level package lies in, as mypy has it
  std::optional<std::string> text;  // -c
};

// The sources of a run in mypy's order.
struct SourceList {
  std::vector<Source> sources;
  // Set when the rules cannot be vouched for here (a regular expression outside of the common subset of
  // Python and PCRE, .gitignore semantics, a case mypy has an error message for): the user's mypy has to list
  // the sources. Says why, for people.
  std::optional<std::string> needs_mypy;
  // Set when mypy could not list them either; says why.
  std::optional<std::string> endless;
};

// `table` is asked, and its sections are marked used, as mypy does while it looks for the packages of -p.
// `found` is told of sources as they turn up, which may still come to nothing.
using SourceFound = std::function<void(const Source&)>;
SourceList discover_sources(const BuildOptions& options, OptionsTable& table, FileSystem& files,
                            const SourceFound& found = {});

// python_path of compute_search_paths: the sources' base directories in reverse order of first appearance,
// then cwd last (also when it is a base directory already), as mypy builds it.
std::vector<std::string> python_path_of(const std::vector<Source>& sources, const BuildOptions& options);

}  // namespace graph

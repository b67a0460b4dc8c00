// Which files a run is about, and what they were before: from git, or from a list.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/overlay_file_system.h"
#include "graph/result.h"
#include "runner/git_repository.h"

namespace runner {

// Paths are absolute and normalised.
struct ChangeSet {
  std::optional<GitRepository> repository;
  std::string base;                            // the commit things are compared with; empty for a list
  std::string title;                           // for people: "main", "the last commit", "the listed files"
  std::set<std::string> paths;                 // changed, added and vanished files
  std::map<std::string, std::string> renamed;  // path now -> path before
  // What decides about modules: the changed Python files as they were. Of listed files it is not known
  // whether they were there.
  graph::EarlierFiles earlier;
  std::string unknown;  // why not all of it can be known; empty otherwise
};

graph::Result<ChangeSet> changes_since(const std::string& revision, const std::string& cwd,
                                       const WayOut& way_out = kWayOutOfCheck);
graph::Result<ChangeSet> staged_changes(const std::string& cwd);
// `file` holds a path a line, relative to `cwd`, or with a zero byte after each.
// The names in a list of changed files, as they stand there.
graph::Result<std::vector<std::string>> listed_names(const std::string& file);
graph::Result<ChangeSet> listed_changes(const std::string& file, const std::string& cwd);

}  // namespace runner

// What git knows of the folder typewave runs in: revisions, changed files, what they held before.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

struct Finished;

// A file that is not what it was. Paths are absolute and normalised.
struct FileChange {
  std::string path;
  std::string old_path;    // of a renamed file; else the same
  std::string repository;  // the top of the working tree it belongs to: a submodule's is its own
  std::string before;      // name of the blob; empty when there was no file
  bool was_link = false;
};

// All changes between two states, and the links among the files of the working tree, through which a changed
// file may be seen under another name.
struct GitChanges {
  std::vector<FileChange> files;
  std::vector<std::string> links;
  std::string unknown;  // why there is more than can be told; empty otherwise
};

// What the command that asks can do where git has no answer: the end of hints.
struct WayOut {
  std::string_view without_git;
  std::string_view otherwise;
};

inline constexpr WayOut kWayOutOfCheck = {
    "name the files with --changed-files; --fallback full checks everything instead",
    "--fallback full checks everything instead"};
inline constexpr WayOut kWayOutOfGraph = {"leave out --affected-since for a graph without marks",
                                          "leave out --affected-since for a graph without marks"};

class GitRepository {
 public:
  // The repository that `directory` lies in. Nothing here ever asks the user or takes a lock.
  static graph::Result<GitRepository> find(const std::string& directory,
                                           const WayOut& way_out = kWayOutOfCheck);

  // The top of the working tree, without links in its path.
  const std::string& top() const { return top_; }

  // The full name of the commit that `revision` and HEAD both come from.
  graph::Result<std::string> merge_base(const std::string& revision) const;
  // Everything that is not as in `commit`: committed since, staged, unstaged, untracked unless ignored.
  graph::Result<GitChanges> changes_since(const std::string& commit) const;
  // What is staged.
  graph::Result<GitChanges> staged_changes() const;
  // What the files held before, as a checkout would write it, by FileChange::old_path; nothing of links.
  graph::Result<std::map<std::string, std::string>> contents(const std::vector<FileChange>& files) const;
  // Writes the tree of a commit, submodules that are at hand included, into a new directory. The repository
  // itself stays as it is.
  std::optional<graph::Error> write_tree(const std::string& commit, const std::string& directory) const;

 private:
  GitRepository(std::string top, bool nested, const WayOut& way_out)
      : top_(std::move(top)), nested_(nested), way_out_(way_out) {}

  graph::Error error(std::string message, const std::string& hint) const;
  graph::Result<std::string> ask(const std::vector<std::string>& words) const;
  // Nothing where no submodule is checked out.
  std::optional<GitRepository> submodule_at(const std::string& path) const;
  bool is_shallow() const;
  bool has_no_commit() const;
  graph::Error no_commit_yet() const;
  // Than the one the process was started in.
  bool is_other(const std::string& repository) const { return nested_ || repository != top_; }
  std::optional<graph::Error> add_differences(const std::vector<std::string>& words,
                                              GitChanges& changes) const;
  std::optional<graph::Error> add_submodule(const std::string& path, const std::string& commit,
                                            GitChanges& changes) const;
  std::optional<graph::Error> add_untracked(GitChanges& changes) const;
  std::optional<graph::Error> add_links(GitChanges& changes) const;
  std::optional<graph::Error> add_contents(const std::string& repository,
                                           const std::vector<FileChange>& files,
                                           std::map<std::string, std::string>& contents) const;
  // Why a file's text is not known, its blob being at hand or not.
  graph::Error unreadable(const FileChange& file, const Finished& answer, bool is_at_hand) const;

  std::string top_;
  bool nested_ = false;  // in the one the process was started in
  WayOut way_out_;
};

// The regular files below a directory, hidden directories left out, sorted.
std::vector<std::string> files_below(const std::string& directory);

}  // namespace runner

// Which files a run is about, and what they were before.
#include "runner/change_set.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "graph/posix_path.h"
#include "runner/given_file.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;

// Whether a file of this name can decide which modules there are and what they hold.
bool matters(std::string_view path) {
  return path.ends_with(".py") || path.ends_with(".pyi") || posix_path::basename(path) == "py.typed";
}

bool exists(const std::string& path) {
  std::error_code trouble;
  return std::filesystem::symlink_status(path, trouble).type() != std::filesystem::file_type::not_found;
}

// A changed file may be seen under other names too: through a link to it, or to a directory above it.
void follow_links(ChangeSet& changes, const std::vector<std::string>& links) {
  std::vector<std::pair<std::string, std::string>> targets;
  for (const std::string& link : links) {
    std::error_code trouble;
    const std::filesystem::path target = std::filesystem::weakly_canonical(link, trouble);
    if (!trouble && target.native() != link) targets.emplace_back(link, target);
  }
  if (targets.empty()) return;
  for (const std::string& path : std::set<std::string>(changes.paths)) {
    for (const auto& [link, target] : targets) {
      if (path != target && !posix_path::lies_below(path, target)) continue;
      const std::string alias = link + path.substr(target.size());
      if (!changes.paths.insert(alias).second) continue;
      if (const auto it = changes.earlier.find(path); it != changes.earlier.end()) {
        changes.earlier.emplace(alias, it->second);
      }
    }
  }
}

graph::Result<ChangeSet> from_git(GitRepository repository, const GitChanges& found) {
  ChangeSet changes;
  changes.unknown = found.unknown;
  std::vector<FileChange> wanted;
  for (const FileChange& file : found.files) {
    changes.paths.insert(file.path);
    changes.paths.insert(file.old_path);
    if (file.path != file.old_path) changes.renamed.emplace(file.path, file.old_path);
    if (matters(file.old_path) && !file.was_link) wanted.push_back(file);
  }
  auto contents = repository.contents(wanted);
  if (!contents) return contents.error();
  for (const FileChange& file : found.files) {
    if (matters(file.path) && file.path != file.old_path) changes.earlier.emplace(file.path, std::nullopt);
  }
  for (const FileChange& file : found.files) {
    if (!matters(file.old_path)) continue;
    // A link is taken for absent: whoever imports what it leads to is then affected for sure.
    const auto content = contents->find(file.old_path);
    const bool known = !file.was_link && content != contents->end();
    changes.earlier.insert_or_assign(file.old_path, known ? std::optional(content->second) : std::nullopt);
  }
  follow_links(changes, found.links);
  changes.repository = std::move(repository);
  return changes;
}

graph::Result<std::string> read_list(const std::string& file) {
  auto text = file == "-" ? read_standard_input() : read_given_file(file);
  if (text) return text;
  return graph::Error{
      "cannot read the list of changed files" + (file == "-" ? "" : " " + file) + ": " + text.error().message,
      "give --changed-files a file with a path a line, or - for standard input"};
}

}  // namespace

graph::Result<ChangeSet> changes_since(const std::string& revision, const std::string& cwd,
                                       const WayOut& way_out) {
  auto repository = GitRepository::find(cwd, way_out);
  if (!repository) return repository.error();
  const auto base = repository->merge_base(revision);
  if (!base) return base.error();
  const auto found = repository->changes_since(*base);
  if (!found) return found.error();
  auto changes = from_git(std::move(*repository), *found);
  if (!changes) return changes;
  changes->base = *base;
  changes->title = revision;
  return changes;
}

graph::Result<ChangeSet> staged_changes(const std::string& cwd) {
  auto repository = GitRepository::find(cwd);
  if (!repository) return repository.error();
  const auto found = repository->staged_changes();
  if (!found) return found.error();
  auto changes = from_git(std::move(*repository), *found);
  if (!changes) return changes;
  changes->title = "the last commit";
  return changes;
}

graph::Result<std::vector<std::string>> listed_names(const std::string& file) {
  const auto text = read_list(file);
  if (!text) return text.error();
  const char separator = text->find('\0') != std::string::npos ? '\0' : '\n';
  std::vector<std::string> names;
  for (std::size_t start = 0; start < text->size();) {
    const std::size_t end = std::min(text->find(separator, start), text->size());
    std::string name = text->substr(start, end - start);
    start = end + 1;
    if (separator == '\n' && name.ends_with('\r')) name.pop_back();
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

graph::Result<ChangeSet> listed_changes(const std::string& file, const std::string& cwd) {
  const auto names = listed_names(file);
  if (!names) return names.error();
  ChangeSet changes;
  changes.title = "the listed files";
  const auto add = [&](const std::string& path) {
    changes.paths.insert(path);
    if (!matters(path)) return;
    // What is there may be new, and what is not there was there.
    changes.earlier[path] = exists(path) ? std::nullopt : std::optional<std::string>("");
  };
  for (const std::string& name : *names) {
    std::string path = posix_path::absolute(name, cwd);
    // Names reach the disk by the path that modules have: without links above the file.
    std::error_code trouble;
    const auto parent = std::filesystem::weakly_canonical(std::string(posix_path::dirname(path)), trouble);
    if (!trouble && name.starts_with('/'))
      path = posix_path::join(parent.native(), posix_path::basename(path));
    if (std::filesystem::is_directory(path, trouble)) {
      for (const std::string& below : files_below(path)) add(below);
    } else {
      add(path);
    }
  }
  return changes;
}

}  // namespace runner

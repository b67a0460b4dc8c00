// What git knows of the folder typewave runs in.
#include "runner/git_repository.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "graph/posix_path.h"
#include "runner/atomic_file.h"
#include "runner/subprocess.h"

namespace runner {
namespace {

using graph::posix_path::join;

constexpr std::string_view kLinkMode = "120000";
constexpr std::string_view kSubmoduleMode = "160000";

// What a hook of one repository says of it must not be taken for another one.
constexpr const char* kOfOneRepository[] = {"GIT_DIR",    "GIT_WORK_TREE",  "GIT_INDEX_FILE",
                                            "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"};

struct GitCall {
  std::string directory;
  std::vector<std::string> words;
  std::string input{};
  std::vector<std::string> variables{};
  bool other_repository = false;  // than the one the process was started in
};

graph::Result<Finished> run_git(const GitCall& call) {
  Command git{.words = {}, .variables = {}, .input = call.input, .name = "git"};
  const bool through_env = call.other_repository || !call.variables.empty();
  if (through_env) {
    git.words.emplace_back("env");
    for (const char* name : kOfOneRepository) {
      if (call.other_repository) git.words.insert(git.words.end(), {"-u", name});
    }
    git.words.insert(git.words.end(), call.variables.begin(), call.variables.end());
  }
  git.words.insert(git.words.end(), {"git", "-C", call.directory});
  git.words.insert(git.words.end(), call.words.begin(), call.words.end());
  git.variables = {"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat", "LC_ALL=C"};
  return run_captured(git);
}

// What git complained of first, on one line; warnings may come before.
std::string complaint(const Finished& finished) {
  std::string_view rest = finished.stderr_text;
  while (rest.starts_with("warning: ") && rest.find('\n') != std::string_view::npos) {
    rest.remove_prefix(rest.find('\n') + 1);
  }
  std::string text(rest.substr(0, rest.find('\n')));
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
  }
  return text.empty() ? "git ended with status " + std::to_string(finished.status) : text;
}

// Where a filter failed its own words come first, and what git makes of them last.
std::string first_and_last_complaint(const Finished& finished) {
  std::string_view text = finished.stderr_text;
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::string first = complaint(finished);
  const std::size_t line = text.rfind('\n');
  if (line == std::string_view::npos) return first;
  return first + "; " + complaint({finished.status, {}, std::string(text.substr(line + 1))});
}

// The parts of an answer with -z.
std::vector<std::string_view> split_at_zeros(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string_view without_line_end(std::string_view text) {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

bool names_an_object(std::string_view name) {
  return name.find_first_not_of('0') != std::string_view::npos;
}

// One entry of `git diff --raw`: ":mode mode name name status".
struct RawEntry {
  std::string_view old_mode, new_mode, old_name;
  char status = 'M';
};

std::optional<RawEntry> parse_entry(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (words.size() != 5 || !words[0].starts_with(':') || words[4].empty()) return std::nullopt;
  return RawEntry{words[0].substr(1), words[1], words[2], words[4].front()};
}

// How to get a revision that is not there.
std::string fetching(const std::string& revision, bool is_shallow) {
  constexpr std::string_view kRemote = "origin/";
  // HEAD~3, main^, @{u} and the like, which no server knows.
  if (revision.find_first_of("~^@{:") != std::string::npos) {
    return is_shallow ? "git fetch --unshallow origin" : "look for it with `git log`";
  }
  if (!revision.starts_with(kRemote)) {
    return "git fetch origin " + revision + ", and then name FETCH_HEAD in its place";
  }
  const std::string branch = revision.substr(kRemote.size());
  return "git fetch origin " + branch + ":refs/remotes/origin/" + branch;
}

// A file's path in its repository.
std::string name_in_repository(const FileChange& file) {
  return file.old_path.substr(file.repository.size() + 1);
}

// Whether git takes a name as it is from a line that has something else before it.
bool fits_on_a_line(std::string_view name) {
  return name.find_first_of("\r\n") == std::string_view::npos && !name.starts_with(' ') &&
         !name.starts_with('\t');
}

}  // namespace

std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code trouble;
  std::filesystem::recursive_directory_iterator at(directory, trouble);
  for (const std::filesystem::recursive_directory_iterator end; !trouble && at != end;
       at.increment(trouble)) {
    if (at->is_directory(trouble) && at->path().filename().native().starts_with('.')) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file(trouble)) {
      files.push_back(at->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

graph::Result<GitRepository> GitRepository::find(const std::string& directory, const WayOut& way_out) {
  const auto finished = run_git({.directory = directory, .words = {"rev-parse", "--show-toplevel"}});
  if (!finished) {
    return graph::Error{finished.error().message, "install git, or " + std::string(way_out.without_git)};
  }
  if (finished->status != 0) {
    const bool nowhere = finished->stderr_text.find("not a git repository") != std::string::npos;
    return graph::Error{
        nowhere ? directory + " is not in a git repository" : "git: " + complaint(*finished),
        nowhere ? std::string(way_out.without_git) : "see `git status`; " + std::string(way_out.otherwise)};
  }
  return GitRepository(std::string(without_line_end(finished->stdout_text)), false, way_out);
}

std::optional<GitRepository> GitRepository::submodule_at(const std::string& path) const {
  const auto inside =
      run_git({.directory = path, .words = {"rev-parse", "--show-toplevel"}, .other_repository = true});
  if (!inside || inside->status != 0) return std::nullopt;
  const std::string_view top = without_line_end(inside->stdout_text);
  if (top == top_) return std::nullopt;
  return GitRepository(std::string(top), true, way_out_);
}

graph::Error GitRepository::error(std::string message, const std::string& hint) const {
  return {std::move(message), hint + "; " + std::string(way_out_.otherwise)};
}

graph::Result<std::string> GitRepository::ask(const std::vector<std::string>& words) const {
  auto finished = run_git({.directory = top_, .words = words, .other_repository = nested_});
  if (!finished) return finished.error();
  if (finished->status != 0) {
    return error("git " + words.front() + ": " + complaint(*finished), "see `git status`");
  }
  return std::move(finished->stdout_text);
}

bool GitRepository::is_shallow() const {
  const auto answer = ask({"rev-parse", "--is-shallow-repository"});
  return answer && without_line_end(*answer) == "true";
}

graph::Result<std::string> GitRepository::merge_base(const std::string& revision) const {
  // Of :/text everything is the text.
  const std::string commit = revision.starts_with(":/") ? revision : revision + "^{commit}";
  const bool is_known = bool(ask({"rev-parse", "--verify", "--quiet", "--end-of-options", commit}));
  if (!is_known && has_no_commit()) return no_commit_yet();
  if (!is_known) {
    const bool shallow = is_shallow();
    return error(
        "git knows no revision " + revision,
        (shallow ? "this clone is shallow: " : "is it spelled right? else: ") + fetching(revision, shallow));
  }
  auto finished = run_git({.directory = top_,
                           .words = {"merge-base", "--end-of-options", revision, "HEAD"},
                           .other_repository = nested_});
  if (!finished) return finished.error();
  if (finished->status == 0) return std::string(without_line_end(finished->stdout_text));
  if (has_no_commit()) return no_commit_yet();
  if (!finished->stderr_text.empty()) {
    return error("git merge-base: " + complaint(*finished), "see `git status`");
  }
  if (is_shallow()) {
    return error(
        "the history of this shallow clone does not reach back to where " + revision + " and HEAD part",
        "git fetch --deepen=100 origin (again until it does), or git fetch --unshallow origin");
  }
  return error(revision + " and HEAD have no commit in common", "name a revision of the same history");
}

bool GitRepository::has_no_commit() const {
  return !ask({"rev-parse", "--verify", "--quiet", "HEAD"});
}

graph::Error GitRepository::no_commit_yet() const {
  return error("there is no commit yet on the branch that is checked out in " + top_, "make the first one");
}

graph::Result<GitChanges> GitRepository::changes_since(const std::string& commit) const {
  GitChanges changes;
  if (auto error = add_differences({commit}, changes)) return *error;
  if (auto error = add_untracked(changes)) return *error;
  if (auto error = add_links(changes)) return *error;
  return changes;
}

graph::Result<GitChanges> GitRepository::staged_changes() const {
  // Before the first commit everything staged is new.
  auto head = ask({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"});
  if (!head) head = ask({"hash-object", "-t", "tree", "/dev/null"});
  if (!head) return head.error();
  GitChanges changes;
  if (auto error = add_differences({"--cached", std::string(without_line_end(*head))}, changes))
    return *error;
  if (auto error = add_links(changes)) return *error;
  return changes;
}

std::optional<graph::Error> GitRepository::add_differences(const std::vector<std::string>& words,
                                                           GitChanges& changes) const {
  std::vector<std::string> command = {"diff",          "--raw",          "-z",
                                      "--no-abbrev",   "--find-renames", "--no-ext-diff",
                                      "--no-relative", "--no-color",     "--ignore-submodules=none"};
  command.insert(command.end(), words.begin(), words.end());
  command.emplace_back("--");
  const auto answer = ask(command);
  if (!answer) return answer.error();
  const std::vector<std::string_view> parts = split_at_zeros(*answer);
  for (std::size_t i = 0; i + 1 < parts.size();) {
    const auto entry = parse_entry(parts[i++]);
    if (!entry) return graph::Error{"git diff answers in an unknown form", {}};
    const std::string old_path = join(top_, parts[i++]);
    const bool moved = (entry->status == 'R' || entry->status == 'C') && i < parts.size();
    const std::string path = moved ? join(top_, parts[i++]) : old_path;
    if (entry->old_mode == kSubmoduleMode || entry->new_mode == kSubmoduleMode) {
      const std::string commit = names_an_object(entry->old_name) ? std::string(entry->old_name) : "";
      if (auto error = add_submodule(path, commit, changes)) return error;
      continue;
    }
    FileChange change{path, old_path, top_, {}, entry->old_mode == kLinkMode};
    if (names_an_object(entry->old_name)) change.before = entry->old_name;
    if (entry->status == 'U') {  // a conflict has no name of its own; the commit has one
      if (auto name =
              ask({"rev-parse", "--verify", "--quiet", words.back() + ":" + path.substr(top_.size() + 1)})) {
        change.before = without_line_end(*name);
      }
    }
    const bool known = std::any_of(changes.files.begin(), changes.files.end(), [&](const FileChange& one) {
      return one.path == path && entry->status == 'M';
    });
    if (!known) changes.files.push_back(std::move(change));
  }
  return std::nullopt;
}

std::optional<graph::Error> GitRepository::add_submodule(const std::string& path, const std::string& commit,
                                                         GitChanges& changes) const {
  const auto submodule = submodule_at(path);
  if (!submodule) {
    // A submodule that is not checked out has no files, and had none; one that is gone had some.
    if (!std::filesystem::exists(path)) changes.unknown = "the submodule " + path + " is gone";
    return std::nullopt;
  }
  if (commit.empty()) {
    for (std::string& file : files_below(path)) {
      changes.files.push_back({file, file, submodule->top(), {}, false});
    }
    return std::nullopt;
  }
  if (!submodule->ask({"cat-file", "-e", commit + "^{commit}"})) {
    return error("the submodule " + path + " lacks its earlier commit " + commit,
                 "git -C " + path + " fetch origin " + commit);
  }
  if (auto error = submodule->add_differences({commit}, changes)) return error;
  if (auto error = submodule->add_untracked(changes)) return error;
  return submodule->add_links(changes);
}

std::optional<graph::Error> GitRepository::add_untracked(GitChanges& changes) const {
  const auto answer = ask({"ls-files", "--others", "--exclude-standard", "-z"});
  if (!answer) return answer.error();
  std::set<std::string> known;
  for (const FileChange& change : changes.files) known.insert(change.path);
  for (const std::string_view name : split_at_zeros(*answer)) {
    const std::string path = join(top_, name);
    if (name.ends_with('/')) {  // a repository of its own that is no submodule
      for (std::string& file : files_below(path.substr(0, path.size() - 1))) {
        changes.files.push_back({file, file, top_, {}, false});
      }
      continue;
    }
    std::error_code trouble;
    if (std::filesystem::is_symlink(path, trouble)) changes.links.push_back(path);
    // Taken out of the index but still there: the difference has it as gone, with what it held.
    if (known.contains(path)) continue;
    changes.files.push_back({path, path, top_, {}, false});
  }
  return std::nullopt;
}

std::optional<graph::Error> GitRepository::add_links(GitChanges& changes) const {
  const auto answer = ask({"ls-files", "--stage", "-z"});
  if (!answer) return answer.error();
  for (const std::string_view entry : split_at_zeros(*answer)) {
    const std::size_t name = entry.find('\t');
    if (name == std::string_view::npos || !entry.starts_with(kLinkMode)) continue;
    changes.links.push_back(join(top_, entry.substr(name + 1)));
  }
  return std::nullopt;
}

graph::Result<std::map<std::string, std::string>> GitRepository::contents(
    const std::vector<FileChange>& files) const {
  std::map<std::string, std::vector<FileChange>> listed;  // by their repository
  std::map<std::string, std::string> contents;
  for (const FileChange& file : files) {
    if (file.before.empty() || file.was_link) continue;
    const std::string name = name_in_repository(file);
    if (fits_on_a_line(name)) {
      listed[file.repository].push_back(file);
      continue;
    }
    auto answer = run_git({.directory = file.repository,
                           .words = {"cat-file", "--filters", "--path=" + name, file.before},
                           .other_repository = is_other(file.repository)});
    if (!answer) return answer.error();
    if (answer->status != 0) return unreadable(file, *answer, true);
    contents[file.old_path] = std::move(answer->stdout_text);
  }
  for (const auto& [repository, ones] : listed) {
    if (auto error = add_contents(repository, ones, contents)) return *error;
  }
  return contents;
}

std::optional<graph::Error> GitRepository::add_contents(const std::string& repository,
                                                        const std::vector<FileChange>& files,
                                                        std::map<std::string, std::string>& contents) const {
  // The size that git could tell is the one before conversion, so every text is preceded by a line that none
  // can hold: whoever wrote the text did not know it.
  const std::string mark = "typewave-" + random_name() + " ";
  std::string input;
  for (const FileChange& file : files) input += file.before + " " + name_in_repository(file) + "\n";
  const auto answer = run_git({.directory = repository,
                               .words = {"cat-file", "--batch=" + mark + "%(objectname)", "--filters"},
                               .input = std::move(input),
                               .other_repository = is_other(repository)});
  if (!answer) return answer.error();
  const auto header = [&](const FileChange& file) { return mark + file.before + "\n"; };
  std::string_view rest = answer->stdout_text;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!rest.starts_with(header(files[i]))) return unreadable(files[i], *answer, false);
    rest.remove_prefix(header(files[i]).size());
    // A filter that fails ends git between the line and the text.
    if (rest.empty()) return unreadable(files[i], *answer, true);
    const bool is_last = i + 1 == files.size();
    const std::size_t end = is_last ? rest.size() - 1 : rest.find("\n" + header(files[i + 1]));
    if (end == std::string_view::npos) return unreadable(files[i + 1], *answer, false);
    if (is_last && answer->status != 0) return unreadable(files[i], *answer, true);
    contents[files[i].old_path] = rest.substr(0, end);
    rest.remove_prefix(end + 1);
  }
  return std::nullopt;
}

graph::Error GitRepository::unreadable(const FileChange& file, const Finished& answer,
                                       bool is_at_hand) const {
  std::string message = "git cannot say what " + file.old_path + " held before: ";
  if (answer.status == 0) return error(message + file.before + " is missing", "see `git fsck`");
  message += first_and_last_complaint(answer);
  if (!is_at_hand) return error(std::move(message), "see whether `git fetch` works here");
  const auto attribute = run_git({.directory = file.repository,
                                  .words = {"check-attr", "-z", "filter", "--", name_in_repository(file)},
                                  .other_repository = is_other(file.repository)});
  const std::vector<std::string_view> parts =
      attribute ? split_at_zeros(attribute->stdout_text) : std::vector<std::string_view>();
  if (parts.size() != 3 || parts[2] == "unspecified" || parts[2] == "unset") {
    return error(std::move(message), "see `git fsck`");
  }
  const std::string filter(parts[2]);
  return error(std::move(message), "mend the filter " + filter +
                                       ", or install what it runs: see `git config " +
                                       "--get-regexp ^filter." + filter + "`");
}

std::optional<graph::Error> GitRepository::write_tree(const std::string& commit,
                                                      const std::string& directory) const {
  std::error_code trouble;
  std::filesystem::create_directories(directory, trouble);
  const std::string index = directory + ".index";
  const auto with_own_index = [&](std::vector<std::string> words) {
    return run_git({.directory = top_,
                    .words = std::move(words),
                    .variables = {"GIT_INDEX_FILE=" + index},
                    .other_repository = nested_});
  };
  auto done = with_own_index({"read-tree", commit});
  if (done && done->status == 0) {
    done = with_own_index({"--work-tree=" + directory, "checkout-index", "--all", "--force"});
  }
  if (!done) return done.error();
  if (done->status != 0) return graph::Error{"git cannot write out " + commit + ": " + complaint(*done), {}};
  const auto listed = with_own_index({"ls-files", "--stage", "-z"});
  std::filesystem::remove(index, trouble);
  if (!listed) return listed.error();
  for (const std::string_view entry : split_at_zeros(listed->stdout_text)) {
    const std::size_t name = entry.find('\t');
    if (name == std::string_view::npos || !entry.starts_with(kSubmoduleMode)) continue;
    const std::string_view path = entry.substr(name + 1);
    const std::string_view words = entry.substr(kSubmoduleMode.size() + 1, name);
    const auto submodule = submodule_at(join(top_, path));
    if (!submodule) continue;
    if (auto error =
            submodule->write_tree(std::string(words.substr(0, words.find(' '))), join(directory, path))) {
      return error;
    }
  }
  return std::nullopt;
}

}  // namespace runner

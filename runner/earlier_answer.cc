// What mypy said of the tree at an earlier commit.
#include "runner/earlier_answer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <unordered_map>
#include <utility>

#include "graph/posix_path.h"
#include "runner/scratch_directory.h"
#include "runner/subprocess.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;
namespace fs = std::filesystem;

std::string top_of(const ScratchDirectory& scratch) {
  return scratch.path() + "/tree";
}

// The same place in the other tree; paths elsewhere stay.
std::string moved(const std::string& path, const std::string& from, const std::string& to) {
  return path == from || posix_path::lies_below(path, from) ? to + path.substr(from.size()) : path;
}

// What git does not keep and the check needs nevertheless: modules that a build wrote, a configuration of the
// user's own.
void take_over(const ChangeSet& changes, const EarlierRun* earlier, const ProbeAnswer& probe,
               const std::string& tree) {
  std::set<std::string> wanted;
  if (earlier != nullptr) {
    for (const graph::Module& module : earlier->setup().graph.modules) {
      if (!module.path.empty() && !module.is_directory) {
        wanted.insert(posix_path::absolute(module.path, probe.build.cwd));
      }
    }
  }
  if (!probe.config_file.empty()) wanted.insert(posix_path::absolute(probe.config_file, probe.build.cwd));
  wanted.insert(probe.plugin_files.begin(), probe.plugin_files.end());
  const std::string& top = changes.repository->top();
  std::error_code trouble;
  for (const std::string& path : wanted) {
    if (!posix_path::lies_below(path, top) || changes.paths.contains(path)) continue;
    const std::string there = moved(path, top, tree);
    if (fs::exists(fs::symlink_status(there, trouble))) continue;
    fs::create_directories(std::string(posix_path::dirname(there)), trouble);
    fs::copy_file(path, there, trouble);
  }
}

// The user's arguments for the other tree. Nothing is left of targets that were not there.
std::vector<std::string> arguments_there(const std::vector<std::string>& arguments, const ProbeAnswer& probe,
                                         const std::string& top, const std::string& tree) {
  const std::string cwd = moved(probe.build.cwd, top, tree);
  std::vector<std::string> result;
  for (const std::string& word : arguments) {
    const std::size_t value = word.starts_with('-') ? word.find('=') + 1 : 0;
    std::string there = word.substr(0, value) + moved(word.substr(value), top, tree);
    const auto& targets = probe.build.files;
    std::error_code trouble;
    const bool target = value == 0 && std::find(targets.begin(), targets.end(), word) != targets.end();
    if (target && !fs::exists(posix_path::absolute(there, cwd), trouble)) continue;
    result.push_back(std::move(there));
  }
  return result;
}

bool has_targets(const ProbeAnswer& probe, const std::string& top, const std::string& tree) {
  const auto& build = probe.build;
  const std::string cwd = moved(build.cwd, top, tree);
  std::error_code trouble;
  return !build.packages.empty() || !build.modules.empty() || build.command ||
         std::any_of(build.files.begin(), build.files.end(), [&](const std::string& file) {
           return fs::exists(moved(posix_path::absolute(file, build.cwd), top, tree), trouble);
         });
}

bool write_list(const std::vector<std::string>& files, const std::string& top, const std::string& tree,
                const std::string& path) {
  std::ofstream list(path, std::ios::binary);
  for (const std::string& file : files) list << moved(file, top, tree) << '\0';
  list.close();
  return static_cast<bool>(list);
}

std::string last_line(const Finished& finished) {
  std::string text = finished.stderr_text.empty() ? finished.stdout_text : finished.stderr_text;
  for (;;) {
    while (text.ends_with('\n')) text.pop_back();
    const std::size_t start = text.rfind('\n');
    if (start == std::string::npos) return text;
    std::string line = text.substr(start + 1);
    // What to do about it is meant for a run of its own.
    if (!line.starts_with("typewave: hint: ")) return line;
    text.resize(start);
  }
}

}  // namespace

std::optional<Baseline> stored_answer(const EarlierRun& earlier, const std::vector<std::string>& files) {
  const RunSetup& setup = earlier.setup();
  const std::set<std::string> wanted(files.begin(), files.end());
  const std::string& cwd = setup.probe.build.cwd;
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph[{i}];
    if (module.ignore_all || !wanted.contains(posix_path::absolute(module.path, cwd))) continue;
    if (!earlier.run().state()[setup.components->of({i})].outcome) return std::nullopt;
  }
  Baseline answer;
  for (const ModuleDiagnostics& module : merge_diagnostics(earlier.run())) {
    const std::string path = posix_path::absolute(module.path, cwd);
    if (!wanted.contains(path)) continue;
    const auto it = setup.earlier->changed.find(path);
    const auto lines = source_lines(it != setup.earlier->changed.end() && it->second ? *it->second : "");
    for (auto& [index, one] : standing_alone(module.diagnostics, lines))
      answer[path].push_back(std::move(one));
  }
  return answer;
}

graph::Result<Baseline> computed_answer(const ChangeSet& changes, const EarlierRun* earlier,
                                        const ProbeAnswer& probe, const ChildOptions& child,
                                        const std::optional<std::vector<std::string>>& files) {
  auto scratch = ScratchDirectory::make();
  if (!scratch) return scratch.error();
  const std::string& top = changes.repository->top();
  const std::string tree = top_of(*scratch);
  if (auto error = changes.repository->write_tree(changes.base, tree)) return *error;
  take_over(changes, earlier, probe, tree);
  if (!has_targets(probe, top, tree)) return Baseline{};
  const std::string cwd = moved(probe.build.cwd, top, tree);
  std::error_code trouble;
  fs::create_directories(cwd, trouble);
  const std::string known = scratch->path() + "/known.json";
  Command command{.words = {"/proc/self/exe", "check", "--python", child.python, "--color", "never",
                            "--baseline", known, "--update-baseline"},
                  .variables = {"GITHUB_ACTIONS="},
                  .directory = cwd,
                  .input = "",
                  .name = "typewave"};
  command.words.insert(command.words.end(), child.own.begin(), child.own.end());
  if (files) {
    const std::string list = scratch->path() + "/files";
    if (!write_list(*files, top, tree, list)) return graph::Error{"cannot write " + list, {}};
    command.words.insert(command.words.end(), {"--changed-files", list});
  }
  const auto arguments = arguments_there(child.mypy, probe, top, tree);
  command.words.insert(command.words.end(), arguments.begin(), arguments.end());
  const auto finished = run_captured(command);
  if (!finished) return finished.error();
  if (finished->status != 0) return graph::Error{last_line(*finished), {}};
  const auto answer = read_baseline(known);
  if (!answer) return answer.error();
  Baseline here;
  for (const auto& [name, diagnostics] : *answer) {
    here[moved(posix_path::absolute(name, scratch->path()), tree, top)] = diagnostics;
  }
  return here;
}

}  // namespace runner

#include "runner/several_runs.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "runner/change_set.h"
#include "runner/console.h"
#include "runner/mypy_words.h"
#include "runner/own_process.h"
#include "runner/project_config.h"
#include "runner/project_roots.h"
#include "runner/rerooted_text.h"
#include "runner/scratch_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// What mypy --output json prints when it finds nothing.
constexpr std::string_view kNoObjects = "\n";

bool is_json(const std::string& text) {
  return text.starts_with('{') || text == kNoObjects;
}

Words values_of(const std::string& list) {
  Words values;
  std::istringstream stream(list);
  for (std::string value; std::getline(stream, value, ',');) {
    if (!value.empty()) values.push_back(std::move(value));
  }
  return values;
}

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.starts_with('/') ? path : cwd + "/" + path;
}

// Options of ours that name something by a path: each run stands elsewhere.
Words completed(Words own, const std::string& cwd) {
  for (std::string& word : own) {
    for (const char* name : {"--store=", "--baseline=", "--python="}) {
      if (!word.starts_with(name)) continue;
      const std::string value = word.substr(std::strlen(name));
      // A bare name of an interpreter is looked up on PATH.
      const bool is_path = std::string_view(name) != "--python=" || value.find('/') != std::string::npos;
      if (is_path) word = name + absolute(value, cwd);
    }
  }
  return own;
}

bool names_option(const std::string& word, std::string_view name) {
  return word == name || (word.starts_with(name) && word[name.size()] == '=');
}

bool has_option(const Words& own, std::string_view name) {
  return std::any_of(own.begin(), own.end(),
                     [name](const std::string& word) { return names_option(word, name); });
}

// The list of changed files is read once, since standard input can be read only once, and given to every run
// with names that mean the same wherever it stands.
std::optional<graph::Error> share_list(Words& own, const std::string& cwd, const std::string& scratch) {
  constexpr std::string_view kOption = "--changed-files=";
  for (std::string& word : own) {
    if (!word.starts_with(kOption)) continue;
    const auto names = listed_names(word.substr(kOption.size()));
    if (!names) return names.error();
    const std::string path = scratch + "/changed-files";
    std::ofstream file(path, std::ios::binary);
    for (const std::string& name : *names) file << absolute(name, cwd) << '\0';
    file.flush();
    if (!file) return graph::Error{"cannot write " + path + ": " + std::strerror(errno)};
    word = std::string(kOption) + path;
  }
  return std::nullopt;
}

// Writes the summary of all, if one is wanted; gives the exit status, which is another one if it cannot be
// written.
int summarize(const std::optional<std::string>& path, nlohmann::ordered_json runs, int code) {
  if (!path) return code;
  std::ofstream file(*path, std::ios::binary | std::ios::trunc);
  file << nlohmann::ordered_json({{"format", 1}, {"exit", code}, {"runs", std::move(runs)}}).dump(2) << "\n";
  file.flush();
  if (file) return code;
  print_error({"cannot write " + *path + ": " + std::strerror(errno),
               "give --summary-json a path that can be written"});
  return std::max(code, kTrouble);
}

// Ends what did not come to a run.
int refuse(const SeveralRuns& request, const graph::Error& error) {
  return summarize(request.summary_json, nlohmann::ordered_json::array(), fail(error));
}

// Several runs under way: what they said so far.
class Answers {
 public:
  Answers(const SeveralRuns& request, const std::string& scratch)
      : summary_json_(request.summary_json),
        one_summary_(request.summary_json ? scratch + "/summary" : ""),
        only_planned_(has_option(request.own_arguments, "--dry-run")) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  // Runs one and gives its standard output; nothing if it could not run.
  std::optional<std::string> run(const std::string& name, const std::string& directory, Words arguments) {
    if (!one_summary_.empty()) arguments.insert(arguments.begin() + 1, "--summary-json=" + one_summary_);
    auto answer = run_own_process(directory, arguments);
    ++count_;
    if (!answer) {
      worst_ = kTrouble;
      print_error(answer.error());
      return std::nullopt;
    }
    worst_ = std::max(worst_, answer->exit_code);
    if (answer->exit_code != 0) ++failed_;
    if (answer->exit_code > 1) print_note("that was in the run of " + name);
    note_summary(name);
    return std::move(answer->stdout_text);
  }

  // The last line and the summary of all.
  int finish(const char* what, bool is_text) {
    if (is_text && count_ > 1 && !only_planned_) {
      print_stdout("Checked " + std::to_string(count_) + " " + what + ": " +
                   (failed_ == 0 ? "no issues found" : std::to_string(failed_) + " with errors") + "\n");
    }
    return summarize(summary_json_, std::move(summaries_), worst_);
  }

 private:
  void note_summary(const std::string& name) {
    if (one_summary_.empty()) return;
    auto summary =
        nlohmann::ordered_json::parse(std::ifstream(one_summary_, std::ios::binary), nullptr, false);
    std::error_code error;
    fs::remove(one_summary_, error);  // the next run may write none
    if (summary.is_discarded()) summary = nullptr;
    summaries_.push_back({{"name", name}, {"summary", std::move(summary)}});
  }

  const std::optional<std::string>& summary_json_;
  const std::string one_summary_;  // where each run puts its own
  const bool only_planned_;
  nlohmann::ordered_json summaries_ = nlohmann::ordered_json::array();
  std::size_t count_ = 0;
  std::size_t failed_ = 0;
  int worst_ = 0;
};

// The interpreter that the root's configuration names, for projects that name none.
Words interpreter_for(const ProjectConfig& root, const std::string& cwd, const std::string& directory,
                      const Words& own) {
  const bool given = std::any_of(own.begin(), own.end(),
                                 [](const std::string& word) { return word.starts_with("--python="); });
  if (given || directory == cwd) return {};
  const auto config = read_project_config(directory);
  if (config && config->python) return {};
  if (root.python) {
    const bool is_path = root.python->find('/') != std::string::npos;
    return {"--python=" + (is_path ? absolute(*root.python, cwd) : *root.python)};
  }
  std::error_code error;
  if (fs::exists(directory + "/.venv/bin/python", error) || std::getenv("VIRTUAL_ENV") != nullptr) return {};
  if (fs::exists(cwd + "/.venv/bin/python", error)) return {"--python=" + cwd + "/.venv/bin/python"};
  return {};
}

int run_projects(const SeveralRuns& request, const std::string& scratch) {
  const std::string cwd = fs::current_path();
  const auto config = read_project_config(cwd);
  if (!config) return refuse(request, config.error());
  const MypyWords words = sort_mypy_words(request.mypy_arguments, mypy_options(),
                                          [&cwd](const std::string& path) { return absolute(path, cwd); });
  if (words.selects_otherwise) {
    return refuse(request, {"--per-project goes with files and folders, not with -m, -p or -c",
                            "name the folders, or run typewave in each project"});
  }
  const auto projects = group_by_project(cwd, words.targets, config->projects);
  if (!projects) return refuse(request, projects.error());
  Answers answers(request, scratch);
  bool is_text = true;
  bool is_silent = true;
  for (const ProjectTargets& project : *projects) {
    const std::string directory = project.root == "." ? cwd : cwd + "/" + project.root;
    Words arguments = {"check"};
    const Words own = completed(request.own_arguments, cwd);
    arguments.insert(arguments.end(), own.begin(), own.end());
    const Words interpreter = interpreter_for(*config, cwd, directory, own);
    arguments.insert(arguments.end(), interpreter.begin(), interpreter.end());
    arguments.insert(arguments.end(), words.options.begin(), words.options.end());
    if (!project.targets.empty()) arguments.emplace_back("--");
    arguments.insert(arguments.end(), project.targets.begin(), project.targets.end());
    const auto text = answers.run(project.root, directory, std::move(arguments));
    if (!text) continue;
    is_text = is_text && !is_json(*text);
    if (*text == kNoObjects) continue;
    is_silent = false;
    const auto exists = [&directory](const std::string& path) {
      std::error_code error;
      return fs::exists(fs::path(directory) / path, error);
    };
    if (has_option(request.own_arguments, "--dry-run")) print_stdout("== " + project.root + "\n");
    print_stdout(rerooted(*text, project.root, exists));
  }
  if (!is_text && is_silent) print_stdout(std::string(kNoObjects));
  return answers.finish("projects", is_text);
}

int run_matrix(const SeveralRuns& request, const std::string& scratch) {
  Words mypy_arguments = request.mypy_arguments;
  const auto combinations = matrix_of(mypy_arguments);
  if (combinations.size() == 1 && combinations.front().empty()) {
    return refuse(request, {"--matrix wants values to combine",
                            "for example: --matrix python-version=3.10,3.12 platform=linux,win32"});
  }
  Answers answers(request, scratch);
  bool is_text = true;
  bool is_silent = true;
  for (const Words& combination : combinations) {
    Words arguments = {"check"};
    arguments.insert(arguments.end(), request.own_arguments.begin(), request.own_arguments.end());
    if (request.per_project) arguments.emplace_back("--per-project");
    arguments.insert(arguments.end(), combination.begin(), combination.end());
    arguments.insert(arguments.end(), mypy_arguments.begin(), mypy_arguments.end());
    std::string name;
    for (const std::string& word : combination) name += (name.empty() ? "" : " ") + word.substr(2);
    const auto text = answers.run(name, fs::current_path(), std::move(arguments));
    if (!text) continue;
    const bool has_objects = is_json(*text);
    is_text = is_text && !has_objects;
    // Whoever reads JSON reads one object a line.
    has_objects ? print_stderr("== " + name + "\n") : print_stdout("== " + name + "\n");
    if (*text == kNoObjects) continue;
    is_silent = false;
    print_stdout(*text);
  }
  if (!is_text && is_silent) print_stdout(std::string(kNoObjects));
  return answers.finish("configurations", is_text);
}

}  // namespace

std::vector<Words> matrix_of(Words& mypy_arguments) {
  std::vector<Words> combinations(1);
  for (const std::string name : {"python-version", "platform"}) {
    Words values;
    for (const std::string& list : take_values(mypy_arguments, "--" + name)) {
      for (std::string& value : values_of(list)) values.push_back(std::move(value));
    }
    std::erase_if(mypy_arguments, [&](const std::string& word) {
      if (!word.starts_with(name + "=")) return false;
      for (std::string& value : values_of(word.substr(name.size() + 1))) values.push_back(std::move(value));
      return true;
    });
    if (values.empty()) continue;
    std::vector<Words> longer;
    for (const Words& combination : combinations) {
      for (const std::string& value : values) {
        longer.push_back(combination);
        longer.back().push_back("--" + name + "=" + value);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

int run_several(const SeveralRuns& given) {
  for (const char* name : {"--trace", "--verify-bundle", "--report"}) {
    if (!has_option(given.own_arguments, name)) continue;
    return refuse(given,
                  {std::string(name) +
                       " does not go with --per-project or --matrix: each run would write the same file",
                   "run typewave once for each"});
  }
  if (given.matrix && has_option(given.own_arguments, "--update-baseline")) {
    return refuse(given,
                  {"--update-baseline does not go with --matrix: each run would drop what only others find",
                   "keep a baseline for each combination, and run typewave once for each"});
  }
  const auto scratch = ScratchDirectory::make();
  if (!scratch) return refuse(given, scratch.error());
  SeveralRuns request = given;
  if (const auto error = share_list(request.own_arguments, fs::current_path(), scratch->path())) {
    return refuse(request, *error);
  }
  return request.matrix ? run_matrix(request, scratch->path()) : run_projects(request, scratch->path());
}

}  // namespace runner

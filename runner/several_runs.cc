#include "runner/several_runs.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "runner/console.h"
#include "runner/mypy_words.h"
#include "runner/own_process.h"
#include "runner/project_config.h"
#include "runner/project_roots.h"
#include "runner/rerooted_text.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr int kTrouble = 2;

int fail(const graph::Error& error) {
  print_error(error);
  return kTrouble;
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
    for (const char* name : {"--store=", "--changed-files=", "--python="}) {
      if (!word.starts_with(name)) continue;
      const std::string value = word.substr(std::strlen(name));
      // A bare name is looked up on PATH, - is standard input.
      const bool is_path = std::string_view(name) == "--store=" || value.find('/') != std::string::npos;
      if (is_path) word = name + absolute(value, cwd);
    }
  }
  return own;
}

// Several runs under way: what they said so far.
class Answers {
 public:
  explicit Answers(const std::optional<std::string>& summary_json) : summary_json_(summary_json) {
    if (!summary_json_) return;
    char name[] = "/tmp/typewave-summary-XXXXXX";
    const int descriptor = ::mkstemp(name);
    if (descriptor < 0) return;
    ::close(descriptor);
    one_summary_ = name;
  }
  ~Answers() {
    if (!one_summary_.empty()) ::unlink(one_summary_.c_str());
  }
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
    if (is_text && count_ > 1) {
      print_stdout("Checked " + std::to_string(count_) + " " + what + ": " +
                   (failed_ == 0 ? "no issues found" : std::to_string(failed_) + " with errors") + "\n");
    }
    if (!summary_json_) return worst_;
    std::ofstream file(*summary_json_, std::ios::binary | std::ios::trunc);
    file << nlohmann::ordered_json({{"format", 1}, {"exit", worst_}, {"runs", std::move(summaries_)}}).dump(2)
         << "\n";
    file.flush();
    if (!file) print_error({"cannot write " + *summary_json_ + ": " + std::strerror(errno)});
    return worst_;
  }

 private:
  void note_summary(const std::string& name) {
    if (one_summary_.empty()) return;
    std::ifstream file(one_summary_, std::ios::binary);
    auto summary = nlohmann::ordered_json::parse(file, nullptr, false);
    if (summary.is_discarded()) summary = nullptr;
    summaries_.push_back({{"name", name}, {"summary", std::move(summary)}});
  }

  const std::optional<std::string>& summary_json_;
  std::string one_summary_;  // where each run puts its own
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

int run_projects(const SeveralRuns& request) {
  const std::string cwd = fs::current_path();
  const auto config = read_project_config(cwd);
  if (!config) return fail(config.error());
  const MypyWords words = sort_mypy_words(request.mypy_arguments, mypy_options(),
                                          [&cwd](const std::string& path) { return absolute(path, cwd); });
  if (words.selects_otherwise) {
    return fail({"--per-project goes with files and folders, not with -m, -p or -c",
                 "name the folders, or run typewave in each project"});
  }
  const auto projects = group_by_project(cwd, words.targets, config->projects);
  if (!projects) return fail(projects.error());
  Answers answers(request.summary_json);
  bool is_text = true;
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
    is_text = is_text && !text->starts_with('{');
    const auto exists = [&directory](const std::string& path) {
      std::error_code error;
      return fs::exists(fs::path(directory) / path, error);
    };
    print_stdout(rerooted(*text, project.root, exists));
  }
  return answers.finish("projects", is_text);
}

int run_matrix(const SeveralRuns& request) {
  Words mypy_arguments = request.mypy_arguments;
  const auto combinations = matrix_of(mypy_arguments);
  if (combinations.size() == 1 && combinations.front().empty()) {
    return fail({"--matrix wants values to combine",
                 "for example: --matrix python-version=3.10,3.12 platform=linux,win32"});
  }
  Answers answers(request.summary_json);
  bool is_text = true;
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
    const bool is_json = text->starts_with('{');
    is_text = is_text && !is_json;
    // Whoever reads JSON reads one object a line.
    is_json ? print_stderr("== " + name + "\n") : print_stdout("== " + name + "\n");
    print_stdout(*text);
  }
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

int run_several(const SeveralRuns& request) {
  for (const std::string& word : request.own_arguments) {
    for (const char* name : {"--trace", "--verify-bundle", "--report"}) {
      if (!word.starts_with(std::string(name) + "=")) continue;
      return fail({std::string(name) +
                       " does not go with --per-project or --matrix: each run would write the same file",
                   "run typewave once for each"});
    }
  }
  return request.matrix ? run_matrix(request) : run_projects(request);
}

}  // namespace runner

#include "runner/explain_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "runner/console.h"
#include "runner/disk_report.h"
#include "runner/explanation_text.h"
#include "runner/history_file.h"
#include "runner/near_names.h"
#include "runner/plain_mypy.h"
#include "runner/preview.h"
#include "runner/shown_path.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

void print_json(const ordered_json& document) {
  print_stdout(document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

std::string words_of(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) text += " " + shell_word(argument);
  return text;
}

// A module by its name or by its file.
std::optional<graph::ModuleId> find_module(const RunSetup& setup, const std::string& wanted) {
  if (const auto id = setup.graph.find(wanted)) return id;
  if (wanted.empty()) return std::nullopt;
  const ShownPath absolute(setup.probe.build.cwd, true);
  const std::string path = absolute.of_file(wanted);
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const std::string& own = setup.graph.modules[i].path;
    if (!own.empty() && absolute.of_file(own) == path) return graph::ModuleId{i};
  }
  return std::nullopt;
}

// Where a module is imported that is not in the graph: " in app/top.py:2"; empty if it is not.
std::string imported_in(const Explainer& explainer, const std::string& missing) {
  for (const graph::Module& module : explainer.graph().modules) {
    for (const graph::SuppressedImport& import : module.suppressed) {
      if (import.name != missing) continue;
      return explainer.shown(module) + ":" + std::to_string(graph::signed_line(import.line));
    }
  }
  return "";
}

graph::Error no_such_module(const Explainer& explainer, const std::string& wanted) {
  const graph::ModuleGraph& graph = explainer.graph();
  if (const std::string place = imported_in(explainer, wanted); !place.empty()) {
    const auto follow = explainer.run().setup().options->for_module(wanted).options.follow_imports;
    if (follow == graph::FollowImports::kSkip || follow == graph::FollowImports::kError) {
      return {"module " + wanted + " is imported in " + place + " but not followed, so it is not checked",
              "mypy's option follow_imports says so for it"};
    }
    return {"module " + wanted + " is imported in " + place + ", but mypy does not find it",
            "it is not installed for this interpreter, or it has neither types nor stubs"};
  }
  std::vector<std::string> names;
  for (const graph::Module& module : graph.modules) names.push_back(module.name);
  const std::string near = did_you_mean(wanted, names);
  if (explainer.history() != nullptr && explainer.history()->find(wanted) != nullptr) {
    return {"module " + wanted + " was in the last run here, but is gone: nothing imports it or names it now",
            near.empty() ? "explain a module that imported it" : near};
  }
  return {"no module " + wanted + " among the " + std::to_string(names.size()) + " of this run",
          near.empty() ? "`typewave graph` lists them; the targets may be others than you think" : near};
}

std::string title_of(const std::vector<std::string>& modules) {
  if (modules.size() == 1) return modules.front();
  return modules.front() + " and " + std::to_string(modules.size() - 1) + " more in its cycle";
}

class ExplainCommand {
 public:
  explicit ExplainCommand(const ExplainOptions& options)
      : options_(options),
        state_(StateDirectory::open(std::filesystem::current_path(), StateDirectory::Access::kReadWrite)),
        about_(options.about) {}

  int run() {
    recall();
    if (options_.most_rechecked) return list_most_rechecked(*options_.most_rechecked);
    if (std::find(about_.mypy_arguments.begin(), about_.mypy_arguments.end(), "--no-incremental") !=
        about_.mypy_arguments.end()) {
      return fail(
          {"with --no-incremental everything is checked and nothing is kept, so there is nothing to explain",
           "leave out --no-incremental"});
    }
    Preview preview;
    if (const auto code = prepare_preview(about_, state_, preview)) return *code;
    if (const auto& reason = preview.setup.probe.delegate) {
      return fail({*reason + ": mypy itself runs and checks everything, so there is nothing to explain"});
    }
    const PlannedRun run = preview.plan();
    if (options_.slowest) return list_slowest(run, *options_.slowest);
    const Explainer explainer(run, history(), *preview.store);
    const auto module = find_module(preview.setup, *options_.module);
    if (!module) return fail(no_such_module(explainer, *options_.module));
    const Explanation explanation = explainer.explain(*module);
    if (options_.json) {
      print_json(explanation_json(explanation, explainer));
    } else {
      print_stdout(explanation_text(explanation, explainer));
    }
    return 0;
  }

 private:
  const RunHistory* history() const { return history_ ? &*history_ : nullptr; }

  // The history to compare with: that of runs with the same arguments, else the newest.
  void recall() {
    history_ = read_history(state_, about_.mypy_arguments);
    if (history_) return;
    history_ = read_newest_history(state_);
    if (!history_) return;
    if (about_.mypy_arguments.empty()) {
      about_.mypy_arguments = history_->arguments;
      print_note("as in the last run here: typewave check" + words_of(about_.mypy_arguments));
    } else {
      print_note("compared with the last run here: typewave check" + words_of(history_->arguments));
    }
  }

  int list_slowest(const PlannedRun& run, std::size_t count) const {
    const RunSetup& setup = run.setup();
    std::vector<std::pair<double, std::vector<std::string>>> components;
    for (std::uint32_t i = 0; i < run.state().size(); ++i) {
      std::vector<std::string> modules;
      for (const graph::ModuleId id : (*setup.components)[{i}].modules)
        modules.push_back(setup.graph[id].name);
      const auto& outcome = run.state()[{i}].outcome;
      const ComponentPast* past = history_ ? history_->find(modules.front()) : nullptr;
      if (outcome) {
        components.emplace_back(outcome->seconds, std::move(modules));
      } else if (past != nullptr) {
        components.emplace_back(past->seconds, std::move(modules));
      }
    }
    return print_list("slowest", "seconds", std::move(components), count);
  }

  int list_most_rechecked(std::size_t count) const {
    if (!history_) {
      return fail({"no run is remembered here", "run `typewave check` in this folder first"});
    }
    std::vector<std::pair<double, std::vector<std::string>>> components;
    for (const ComponentPast& past : history_->components) {
      if (past.checks == 0) continue;
      std::vector<std::string> modules;
      for (const std::uint32_t name : past.names) modules.push_back(history_->name(name));
      components.emplace_back(static_cast<double>(past.checks), std::move(modules));
    }
    const DiskReport disk{
        .troubles = {state_.trouble()}, .damaged_in_store = 0, .damaged_in_state = state_.damaged()};
    if (const auto warning = warning_of(disk)) print_warning(*warning);
    return print_list("most_rechecked", "checks", std::move(components), count);
  }

  int print_list(const char* name, const char* unit,
                 std::vector<std::pair<double, std::vector<std::string>>> components,
                 std::size_t count) const {
    std::stable_sort(components.begin(), components.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (components.size() > count) components.resize(count);
    const bool whole = std::string_view(unit) == "checks";
    if (options_.json) {
      auto list = ordered_json::array();
      for (const auto& [value, modules] : components) {
        ordered_json entry = {{unit, value}, {"modules", modules}};
        if (whole) entry[unit] = static_cast<std::uint64_t>(value);
        list.push_back(std::move(entry));
      }
      print_json({{"format", 1}, {name, std::move(list)}});
      return 0;
    }
    std::string text = std::string(std::string_view("seconds").size() - std::string_view(unit).size(), ' ') +
                       unit + "  component\n";
    for (const auto& [value, modules] : components) {
      char number[32];
      std::snprintf(number, sizeof(number), whole ? "%7.0f" : "%7.3f", value);
      text += number + std::string("  ") + title_of(modules) + "\n";
    }
    print_stdout(text);
    return 0;
  }

  const ExplainOptions& options_;
  const StateDirectory state_;
  PreviewRequest about_;
  std::optional<RunHistory> history_;
};

}  // namespace

int run_explain(const ExplainOptions& options) {
  const int asked = (options.module ? 1 : 0) + (options.slowest ? 1 : 0) + (options.most_rechecked ? 1 : 0);
  if (asked != 1) {
    return fail({asked == 0 ? "explain wants a module first, or --slowest, or --most-rechecked"
                            : "explain answers one question at a time",
                 "for example: typewave explain package.module src"});
  }
  return ExplainCommand(options).run();
}

}  // namespace runner

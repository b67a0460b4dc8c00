// `typewave check` on the command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "runner/check_command.h"
#include "runner/cli_command.h"
#include "runner/cli_parse.h"
#include "runner/cli_store_options.h"
#include "runner/console.h"
#include "runner/run_report.h"
#include "runner/several_runs.h"
#include "runner/worker_memory.h"

namespace runner {
namespace {

// Where the summary goes, also of a run that does not take place.
std::optional<std::string> summary_file(const std::vector<std::string>& arguments) {
  constexpr std::string_view kName = "--summary-json";
  std::optional<std::string> file;
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& token = arguments[i];
    if (token == kName && i + 1 < arguments.size()) file = arguments[++i];
    if (token.starts_with(kName) && token.substr(kName.size()).starts_with('=')) {
      file = token.substr(kName.size() + 1);
    }
  }
  return file;
}

void describe_changes(CLI::App& app, ChangeOptions& changes) {
  CLI::Option* since = app.add_option("--changed-since", changes.since,
                                      "Report only what changed since a git revision, and what that reaches");
  CLI::Option* staged =
      app.add_flag("--staged", changes.staged, "The same for what is staged")->excludes(since);
  app.add_option("--changed-files", changes.listed, "The same for the files a file names (-: standard input)")
      ->excludes(since)
      ->excludes(staged);
  app.add_flag("--only-changed", changes.only_changed,
               "Print nothing about other files than the changed ones");
  app.add_option("--new-errors-since", changes.new_since,
                 "Print only what was not found at a git revision already");
  app.add_option_function<std::string>(
         "--fallback", [&changes](const std::string&) { changes.fallback_full = true; },
         "full: check everything where git cannot say what changed")
      ->check(CLI::IsMember({"full"}));
}

// What no worker can start with is a slip, mostly a unit that is missing.
std::uint64_t memory_of_option(const std::string& text) {
  const std::uint64_t bytes = size_of_option("--max-memory", text);
  if (bytes >= kSmallestWorker) return bytes;
  throw CLI::ValidationError("--max-memory", "\"" + text +
                                                 "\" is less than one worker needs (give at least " +
                                                 std::to_string(kSmallestWorker >> 20) + "MiB)");
}

class Check final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app_ = &app;
    app.add_option("-j,--jobs,-n,--num-workers", options_.jobs,
                   "Workers at once (default: processors and memory)")
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
    app.add_option_function<std::uint32_t>(
        "--worker-timeout",
        [this](std::uint32_t seconds) { options_.worker_timeout = std::chrono::seconds(seconds); },
        "Seconds the check of one component may take (default: 600 and one for each module; 0: no limit)");
    app.add_option_function<std::string>(
           "--max-memory", [this](const std::string& text) { options_.max_memory = memory_of_option(text); },
           "Memory for typewave and its workers, as 800M or 4G (default: what the machine has)")
        ->type_name("SIZE");
    add_store_options(app, options_.store, options_.store_limit);
    app.add_flag("--no-store", options_.no_store,
                 "Neither reuse nor keep results; the same as --no-incremental");
    app.add_option("--python", options_.python, "Interpreter that holds the mypy to use")->type_name("FILE");
    app.add_flag("--stats", options_.stats, "Say on standard error what was done and how long it took");
    app.add_option("--summary-json", options_.summary_json, "Write the same for programs to a file")
        ->type_name("FILE");
    app.add_option("--trace", options_.trace, "Write a trace for chrome://tracing to a file")
        ->type_name("FILE");
    CLI::Option* dry_run =
        app.add_flag("--dry-run", options_.dry_run, "Say what would be checked and why, and stop");
    app.add_flag("--verify", options_.verify, "Compare the answer with that of a cold mypy run")
        ->excludes(dry_run);
    app.add_option("--verify-bundle", options_.verify_bundle,
                   "Verify, and write to a file what a report of a difference needs (with source text)")
        ->type_name("FILE")
        ->excludes(dry_run);
    app.add_option("--report", reports_,
                   "Also write the answer as text, json, sarif, junit, github, gitlab or checkstyle, "
                   "[FORMAT:]FILE; may be repeated; with FORMAT:- in place of the answer")
        ->expected(1)
        ->take_all()
        ->excludes(dry_run);
    const std::map<std::string, ColorChoice> colors = {
        {"auto", ColorChoice::kAuto}, {"always", ColorChoice::kAlways}, {"never", ColorChoice::kNever}};
    app.add_option("--color", options_.color, "When to use colours")
        ->type_name("auto|always|never")
        ->transform(CLI::CheckedTransformer(colors));
    app.add_flag("--per-project", per_project_,
                 "Check each target under its own nearest configuration, or all of [tool.typewave] projects");
    app.add_flag("--matrix", matrix_, "Check for every combination of python-version=A,B and platform=C,D");
    describe_changes(app, options_.changes);
    app.add_option("--baseline", options_.baseline.file, "File of known diagnostics, which are not printed");
    app.add_flag("--update-baseline", options_.baseline.update, "Write what is found to the baseline");
  }

  int run(std::vector<std::string> mypy_arguments) override {
    if (per_project_ || matrix_) {
      return run_several({.own_arguments = arguments_for_each(),
                          .mypy_arguments = std::move(mypy_arguments),
                          .per_project = per_project_,
                          .matrix = matrix_,
                          .summary_json = options_.summary_json});
    }
    options_.mypy_arguments = std::move(mypy_arguments);
    options_.verify = options_.verify || options_.verify_bundle;
    if (options_.verify && (options_.changes.any() || options_.baseline.file)) {
      return refuse({"--verify compares a whole answer with mypy's",
                     "leave out the options that take something out of it"});
    }
    if (options_.changes.fallback_full && !options_.changes.any() && !options_.changes.only_changed) {
      return refuse({"--fallback full does not say since when",
                     "add --changed-since, --staged or --new-errors-since, or leave it out"});
    }
    auto targets = parse_report_targets(reports_);
    if (!targets) return refuse(targets.error());
    const bool replaced =
        std::any_of(targets->begin(), targets->end(), std::mem_fn(&ReportTarget::to_stdout));
    if (replaced && options_.verify) {
      return refuse(
          {"--verify compares the answer, which --report FORMAT:- replaces", "give the report a file"});
    }
    options_.reports = std::move(*targets);
    return run_check(options_);
  }

  void on_refused(const std::vector<std::string>& arguments, int code) override {
    summarize_refusal(summary_file(arguments), code);
  }

 private:
  static void summarize_refusal(const std::optional<std::string>& file, int code) {
    if (!file) return;
    RunReport report;
    report.exit_code = code;
    if (const auto written = write_report_json(report, *file); !written) print_error(written.error());
  }

  int refuse(const graph::Error& error) {
    print_error(error);
    summarize_refusal(options_.summary_json, kUsageError);
    return kUsageError;
  }

 private:
  // What was given of typewave's own, once more as words.
  std::vector<std::string> arguments_for_each() const {
    std::vector<std::string> words;
    for (const CLI::Option* option : app_->get_options()) {
      const std::string name = option->get_lnames().empty() ? "" : option->get_lnames().front();
      if (option->count() == 0 || name == "per-project" || name == "matrix" || name == "summary-json")
        continue;
      if (option->get_items_expected_max() == 0) {
        words.push_back("--" + name);
        continue;
      }
      for (const std::string& value : option->results()) words.push_back("--" + name + "=" + value);
    }
    return words;
  }

  CheckOptions options_;
  const CLI::App* app_ = nullptr;
  bool per_project_ = false;
  bool matrix_ = false;
  std::vector<std::string> reports_;
};

}  // namespace

std::unique_ptr<CliCommand> make_check_command() {
  return std::make_unique<Check>();
}

}  // namespace runner

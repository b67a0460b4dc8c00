// `typewave check` on the command line.
#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string_view>

#include "runner/check_command.h"
#include "runner/cli_command.h"
#include "runner/cli_store_options.h"
#include "runner/console.h"
#include "runner/run_report.h"

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

class Check final : public Command {
 public:
  void describe(CLI::App& app) override {
    app.add_option("-j,--jobs,-n,--num-workers", options_.jobs,
                   "Workers at once (default: processors and memory)")
        ->check(CLI::Range(1, 1000));
    add_store_options(app, options_.store, options_.store_limit);
    app.add_flag("--no-store", options_.no_store,
                 "Neither reuse nor keep results; the same as --no-incremental");
    app.add_option("--python", options_.python, "Interpreter that holds the mypy to use");
    app.add_flag("--stats", options_.stats, "Say on standard error what was done and how long it took");
    app.add_option("--summary-json", options_.summary_json, "Write the same for programs to a file");
    app.add_option("--trace", options_.trace, "Write a trace for chrome://tracing to a file");
    CLI::Option* dry_run =
        app.add_flag("--dry-run", options_.dry_run, "Say what would be checked and why, and stop");
    app.add_flag("--verify", options_.verify, "Compare the answer with that of a cold mypy run")
        ->excludes(dry_run);
    app.add_option("--verify-bundle", options_.verify_bundle,
                   "Verify, and write to a file what a report of a difference needs (with source text)")
        ->excludes(dry_run);
    const std::map<std::string, ColorChoice> colors = {
        {"auto", ColorChoice::kAuto}, {"always", ColorChoice::kAlways}, {"never", ColorChoice::kNever}};
    app.add_option("--color", options_.color, "auto, always or never")
        ->transform(CLI::CheckedTransformer(colors));
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.mypy_arguments = std::move(mypy_arguments);
    options_.verify = options_.verify || options_.verify_bundle;
    return run_check(options_);
  }

  void on_refused(const std::vector<std::string>& arguments, int code) override {
    const auto file = summary_file(arguments);
    if (!file) return;
    RunReport report;
    report.exit_code = code;
    if (const auto written = write_report_json(report, *file); !written) print_error(written.error());
  }

 private:
  CheckOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_check_command() {
  return std::make_unique<Check>();
}

}  // namespace runner

// `typewave cycles` on the command line.
#include <CLI/CLI.hpp>

#include "runner/cli_command.h"
#include "runner/cli_preview.h"
#include "runner/cycles_command.h"
#include "runner/interruption.h"

namespace runner {
namespace {

class Cycles final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_flag("--json", options_.json, "One document for programs");
    app.add_flag("--all", options_.all, "Also cycles that lie in libraries");
    app.add_option("--cuts", options_.most_cuts,
                   "How many imports to show of each cycle (default: 10; 0: all)")
        ->type_name("N")
        ->check(CLI::Range(0, 1000000));
    app.add_option("--fail-on-new", options_.known, "File of known cycles: exit status 1 if there are others")
        ->type_name("FILE");
    app.add_flag("--update", options_.update, "Write that file");
    add_preview_options(app, options_.about);
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.about.mypy_arguments = std::move(mypy_arguments);
    const Interruption interruption(keep_nothing);
    return run_cycles(options_);
  }

 private:
  CyclesOptions options_;
};

}  // namespace

std::unique_ptr<CliCommand> make_cycles_command() {
  return std::make_unique<Cycles>();
}

}  // namespace runner

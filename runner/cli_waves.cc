// `typewave waves` on the command line.
#include <CLI/CLI.hpp>

#include "runner/cli_command.h"
#include "runner/cli_preview.h"
#include "runner/interruption.h"
#include "runner/waves_command.h"

namespace runner {
namespace {

class Waves final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_flag("--json", options_.json, "One document for programs");
    add_preview_options(app, options_.about);
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.about.mypy_arguments = std::move(mypy_arguments);
    const Interruption interruption(keep_nothing);
    return run_waves(options_);
  }

 private:
  WavesOptions options_;
};

}  // namespace

std::unique_ptr<CliCommand> make_waves_command() {
  return std::make_unique<Waves>();
}

}  // namespace runner

// `typewave waves` on the command line.
#include <CLI/CLI.hpp>

#include "runner/cli_command.h"
#include "runner/interruption.h"
#include "runner/waves_command.h"

namespace runner {
namespace {

class Waves final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_flag("--json", options_.json, "One document for programs");
    app.add_option("--store", options_.store, "Directory results are kept in")->type_name("DIR");
    app.add_option("--python", options_.python, "Interpreter that holds the mypy to use")->type_name("FILE");
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.mypy_arguments = std::move(mypy_arguments);
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

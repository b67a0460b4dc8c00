// `typewave doctor` on the command line.
#include <CLI/CLI.hpp>

#include "runner/cli_command.h"
#include "runner/doctor_command.h"
#include "runner/interruption.h"

namespace runner {
namespace {

class Doctor final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_option("--store", options_.store, "Directory results are kept in");
    app.add_option("--python", options_.python, "Interpreter that holds the mypy to use");
    app.add_option("--bundle", options_.bundle, "Write a bug report to a file, without source text");
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.mypy_arguments = std::move(mypy_arguments);
    const Interruption interruption(keep_nothing);
    return run_doctor(options_);
  }

 private:
  DoctorOptions options_;
};

}  // namespace

std::unique_ptr<CliCommand> make_doctor_command() {
  return std::make_unique<Doctor>();
}

}  // namespace runner

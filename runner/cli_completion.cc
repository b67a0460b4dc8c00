// `typewave completion` and `typewave man` on the command line.
#include <CLI/CLI.hpp>
#include <string>

#include "runner/cli_command.h"
#include "runner/cli_tree.h"
#include "runner/completion_script.h"
#include "runner/console.h"
#include "runner/manual_page.h"

namespace runner {
namespace {

class Completion final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_option("SHELL", shell_, "bash, zsh or fish")
        ->required()
        ->type_name("bash|zsh|fish")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  int run(std::vector<std::string>) override {
    const auto script = shell_ == "bash"  ? bash_completion
                        : shell_ == "zsh" ? zsh_completion
                                          : fish_completion;
    print_stdout(script(option_tree(), mypy_options()));
    return 0;
  }

 private:
  std::string shell_;
};

class Manual final : public CliCommand {
 public:
  void describe(CLI::App&) override {}
  int run(std::vector<std::string>) override {
    print_stdout(manual_page(option_tree(), TYPEWAVE_VERSION));
    return 0;
  }
};

}  // namespace

std::unique_ptr<CliCommand> make_completion_command() {
  return std::make_unique<Completion>();
}

std::unique_ptr<CliCommand> make_man_command() {
  return std::make_unique<Manual>();
}

}  // namespace runner

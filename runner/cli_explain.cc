// `typewave explain` on the command line.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "runner/cli_command.h"
#include "runner/cli_preview.h"
#include "runner/explain_command.h"
#include "runner/interruption.h"

namespace runner {
namespace {

class Explain final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    app.add_option("MODULE", options_.module,
                   "Name or file of the module to explain; before mypy's arguments");
    add_count(app, "--slowest", options_.slowest, "The components whose check takes longest");
    add_count(app, "--most-rechecked", options_.most_rechecked,
              "The components that were checked most often in this folder");
    app.add_flag("--json", options_.json, "One JSON document for programs");
    add_preview_options(app, options_.about);
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.about.mypy_arguments = std::move(mypy_arguments);
    if (options_.module && (options_.slowest || options_.most_rechecked)) {
      // A list is about all modules, so this is a target.
      options_.about.mypy_arguments.insert(options_.about.mypy_arguments.begin(),
                                           std::move(*options_.module));
      options_.module.reset();
    }
    const Interruption interruption(keep_nothing);
    return run_explain(options_);
  }

 private:
  static constexpr std::size_t kDefaultCount = 10;

  // A number may follow, and need not.
  static void add_count(CLI::App& app, const std::string& name, std::optional<std::size_t>& count,
                        const std::string& text) {
    app.add_option_function<std::string>(
           name,
           [&count](const std::string& value) { count = value.empty() ? kDefaultCount : std::stoul(value); },
           text + " (N of them, default: 10)")
        ->expected(0, 1)
        ->type_name("N")
        ->check(CLI::Validator(
            [](const std::string& value) {
              const bool digits = value.size() < 10 && std::all_of(value.begin(), value.end(), [](char c) {
                                    return c >= '0' && c <= '9';
                                  });
              return digits ? std::string() : value + " is not a number";
            },
            "", ""));
  }

  ExplainOptions options_;
};

}  // namespace

std::unique_ptr<CliCommand> make_explain_command() {
  return std::make_unique<Explain>();
}

}  // namespace runner

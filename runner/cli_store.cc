// `typewave store` on the command line.
#include <CLI/CLI.hpp>

#include "runner/cli_command.h"
#include "runner/cli_store_options.h"
#include "runner/store_command.h"

namespace runner {
namespace {

class Store final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    add_store_options(app, options_.store, options_.store_limit);
    app.require_subcommand(1);
    CLI::App* status = add(app, "status", "What the store holds, and for whom", StoreAction::kStatus);
    status->add_flag("--json", options_.json, "For programs");
    add(app, "gc", "Drop what nobody can use, and what exceeds the limit", StoreAction::kGc);
    add(app, "clear", "Empty the store", StoreAction::kClear);
    CLI::App* verify = add(app, "verify", "Read and check every byte", StoreAction::kVerify);
    verify->add_flag("--heal", options_.heal, "Remove what is damaged");
    add(app, "path", "Where the store is", StoreAction::kPath);
  }

  int run(std::vector<std::string>) override { return run_store(options_); }

 private:
  CLI::App* add(CLI::App& app, const char* name, const char* description, StoreAction action) {
    CLI::App* branch = app.add_subcommand(name, description);
    branch->fallthrough();
    branch->callback([this, action] { options_.action = action; });
    return branch;
  }

  StoreOptions options_;
};

}  // namespace

std::unique_ptr<CliCommand> make_store_command() {
  return std::make_unique<Store>();
}

}  // namespace runner

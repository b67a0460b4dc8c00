// `typewave graph` on the command line.
#include <CLI/CLI.hpp>
#include <map>

#include "runner/cli_command.h"
#include "runner/graph_command.h"
#include "runner/interruption.h"

namespace runner {
namespace {

class Graph final : public Command {
 public:
  void describe(CLI::App& app) override {
    const std::map<std::string, GraphFormat> formats = {{"dot", GraphFormat::kDot},
                                                        {"json", GraphFormat::kJson}};
    app.add_option("--format", options_.format, "Form of the graph")
        ->type_name("dot|json")
        ->transform(CLI::CheckedTransformer(formats));
    app.add_option("--output", options_.output, "File to write (default: standard output)")
        ->type_name("FILE");
    app.add_option("--store", options_.store, "Directory results are kept in")->type_name("DIR");
    app.add_option("--python", options_.python, "Interpreter that holds the mypy to use")->type_name("FILE");
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.mypy_arguments = std::move(mypy_arguments);
    const Interruption interruption(keep_nothing);
    return run_graph(options_);
  }

 private:
  GraphOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_graph_command() {
  return std::make_unique<Graph>();
}

}  // namespace runner

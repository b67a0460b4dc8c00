// `typewave graph` on the command line.
#include <CLI/CLI.hpp>
#include <map>

#include "runner/cli_command.h"
#include "runner/cli_preview.h"
#include "runner/graph_command.h"
#include "runner/interruption.h"

namespace runner {
namespace {

class Graph final : public CliCommand {
 public:
  void describe(CLI::App& app) override {
    const std::map<std::string, GraphFormat> formats = {
        {"dot", GraphFormat::kDot},         {"json", GraphFormat::kJson}, {"graphml", GraphFormat::kGraphml},
        {"mermaid", GraphFormat::kMermaid}, {"html", GraphFormat::kHtml}, {"text", GraphFormat::kText}};
    const std::map<std::string, graph::ViewLevel> levels = {{"module", graph::ViewLevel::kModule},
                                                            {"component", graph::ViewLevel::kComponent},
                                                            {"package", graph::ViewLevel::kPackage}};
    app.add_option("--format", options_.format, "Form of the graph (default: json)")
        ->type_name("dot|json|graphml|mermaid|html|text")
        ->transform(CLI::CheckedTransformer(formats));
    app.add_option("--output", options_.output, "File to write (default: standard output)")
        ->type_name("FILE");
    app.add_option("--level", options_.level, "What a node is (default: module)")
        ->type_name("module|component|package")
        ->transform(CLI::CheckedTransformer(levels));
    app.add_flag("--own-only", options_.own_only, "Leave out modules whose diagnostics are not reported");
    describe_selection(app);
    add_preview_options(app, options_.about);
  }

  int run(std::vector<std::string> mypy_arguments) override {
    options_.about.mypy_arguments = std::move(mypy_arguments);
    if (!path_.empty()) options_.path.emplace(path_.front(), path_.back());
    const Interruption interruption(keep_nothing);
    return run_graph(options_);
  }

 private:
  // An option that may be repeated takes one value each time, so that it never takes mypy's arguments.
  static void add_modules(CLI::App& app, const std::string& name, std::vector<std::string>& modules,
                          const std::string& text) {
    app.add_option(name, modules, text)->type_name("MODULE")->expected(1)->take_all();
  }

  void describe_selection(CLI::App& app) {
    add_modules(app, "--focus", options_.query.focus, "Only a module and what is near it; may be repeated");
    app.add_option("--depth", options_.query.depth, "How many imports away (default with --focus: 1)")
        ->type_name("N");
    add_modules(app, "--dependents-of", options_.query.dependents_of,
                "Only what imports a module, directly or not");
    add_modules(app, "--dependencies-of", options_.query.dependencies_of,
                "Only what a module imports, directly or not");
    app.add_option("--path", path_, "Only the shortest chain of imports from one module to another")
        ->type_name("FROM TO")
        ->expected(2);
    app.add_option("--affected-since", options_.affected_since,
                   "Mark what changed since a revision, and what that can reach")
        ->type_name("REVISION");
  }

  GraphOptions options_;
  std::vector<std::string> path_;
};

}  // namespace

std::unique_ptr<CliCommand> make_graph_command() {
  return std::make_unique<Graph>();
}

}  // namespace runner

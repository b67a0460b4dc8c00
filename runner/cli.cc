#include "runner/cli.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/arguments.h"
#include "runner/check_command.h"
#include "runner/console.h"
#include "runner/disk_trouble.h"
#include "runner/graph_command.h"
#include "runner/run_report.h"
#include "runner/store_command.h"
#include "runner/store_limit.h"
#include "runner/version_command.h"

namespace runner {
namespace {

constexpr int kUsage = 2;

const std::vector<OwnOption> kCheckOptions = {
    {"--jobs", true},         {"-j", true},        {"-n", true},
    {"--num-workers", true},  {"--store", true},   {"--store-limit", true},
    {"--no-store", false},    {"--python", true},  {"--stats", false},
    {"--summary-json", true}, {"--trace", true},   {"--dry-run", false},
    {"--color", true},        {"--verify", false}, {"--verify-bundle", true},
    {"--help", false},        {"-h", false}};

const std::vector<OwnOption> kGraphOptions = {{"--store", true},  {"--python", true}, {"--format", true},
                                              {"--output", true}, {"--help", false},  {"-h", false}};

constexpr const char* kMypyFooter =
    "Every other argument is mypy's own and means what it means there; see `mypy --help`. Arguments after -- "
    "are all mypy's.";

// Parses our share of a subcommand's arguments; gives an exit status if that was all.
std::optional<int> parse(CLI::App& app, std::vector<std::string> own) {
  // As with mypy's options, the last of several wins.
  for (CLI::Option* option : app.get_options()) option->take_last();
  std::vector<std::string> reversed(own.rbegin(), own.rend());  // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    print_stdout(app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    print_error({error.what(), "see " + app.get_name() + " --help"});
    return kUsage;
  }
  return std::nullopt;
}

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

void summarize_refusal(const std::vector<std::string>& arguments) {
  const auto file = summary_file(arguments);
  if (!file) return;
  RunReport report;
  report.exit_code = kUsage;
  if (const auto written = write_report_json(report, *file); !written) print_error(written.error());
}

template <typename Run>
int run_split(const std::vector<std::string>& arguments, const std::vector<OwnOption>& options, CLI::App& app,
              std::vector<std::string>& mypy_arguments, const Run& run) {
  auto split = split_arguments(arguments, options);
  if (!split) {
    print_error(split.error());
    return kUsage;
  }
  if (const auto code = parse(app, std::move(split->own))) return *code;
  mypy_arguments = std::move(split->mypy);
  return run();
}

void add_store_options(CLI::App& app, std::optional<std::string>& store,
                       std::optional<std::uint64_t>& limit) {
  app.add_option("--store", store, "Directory results are kept in (default: $XDG_CACHE_HOME/typewave)");
  app.add_option_function<std::string>(
      "--store-limit",
      [&limit](const std::string& text) {
        const auto bytes = parse_size(text);
        if (!bytes) throw CLI::ValidationError("--store-limit", one_sentence(bytes.error()));
        limit = *bytes;
      },
      "How large the store may become, such as 500M (default: 5G)");
}

int check(const std::vector<std::string>& arguments) {
  CheckOptions options;
  CLI::App app("Check the targets as mypy would, and again only what changed.", "typewave check");
  app.add_option("-j,--jobs,-n,--num-workers", options.jobs,
                 "Workers at once (default: processors and memory)")
      ->check(CLI::Range(1, 1000));
  add_store_options(app, options.store, options.store_limit);
  app.add_flag("--no-store", options.no_store,
               "Neither reuse nor keep results; the same as --no-incremental");
  app.add_option("--python", options.python, "Interpreter that holds the mypy to use");
  app.add_flag("--stats", options.stats, "Say on standard error what was done and how long it took");
  app.add_option("--summary-json", options.summary_json, "Write the same for programs to a file");
  app.add_option("--trace", options.trace, "Write a trace for chrome://tracing to a file");
  CLI::Option* dry_run =
      app.add_flag("--dry-run", options.dry_run, "Say what would be checked and why, and stop");
  app.add_flag("--verify", options.verify, "Compare the answer with that of a cold mypy run")
      ->excludes(dry_run);
  app.add_option("--verify-bundle", options.verify_bundle,
                 "Verify, and write to a file what a report of a difference needs (with source text)")
      ->excludes(dry_run);
  const std::map<std::string, ColorChoice> colors = {
      {"auto", ColorChoice::kAuto}, {"always", ColorChoice::kAlways}, {"never", ColorChoice::kNever}};
  app.add_option("--color", options.color, "auto, always or never")
      ->transform(CLI::CheckedTransformer(colors));
  app.footer(kMypyFooter);
  bool accepted = false;
  const int code = run_split(arguments, kCheckOptions, app, options.mypy_arguments, [&] {
    accepted = true;
    options.verify = options.verify || options.verify_bundle;
    return run_check(options);
  });
  if (!accepted && code == kUsage) summarize_refusal(arguments);
  return code;
}

int graph(const std::vector<std::string>& arguments) {
  GraphOptions options;
  CLI::App app("Write the module graph and its components.", "typewave graph");
  const std::map<std::string, GraphFormat> formats = {{"dot", GraphFormat::kDot},
                                                      {"json", GraphFormat::kJson}};
  app.add_option("--format", options.format, "dot or json")->transform(CLI::CheckedTransformer(formats));
  app.add_option("--output", options.output, "File to write (default: standard output)");
  app.add_option("--store", options.store, "Directory results are kept in");
  app.add_option("--python", options.python, "Interpreter that holds the mypy to use");
  app.footer(kMypyFooter);
  return run_split(arguments, kGraphOptions, app, options.mypy_arguments, [&] { return run_graph(options); });
}

constexpr const char* kStoreActions = "the actions are status, gc, clear, verify and path";

int store(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_error(
        {"typewave store needs an action", std::string(kStoreActions) + "; see typewave store --help"});
    return kUsage;
  }
  StoreOptions options;
  CLI::App app("Show, check, shrink or empty the store of results.", "typewave store");
  const std::map<std::string, StoreAction> actions = {{"status", StoreAction::kStatus},
                                                      {"gc", StoreAction::kGc},
                                                      {"clear", StoreAction::kClear},
                                                      {"verify", StoreAction::kVerify},
                                                      {"path", StoreAction::kPath}};
  app.add_option_function<std::string>(
         "ACTION",
         [&](const std::string& name) {
           const auto action = actions.find(name);
           if (action == actions.end()) throw CLI::ValidationError("unknown action " + name, kStoreActions);
           options.action = action->second;
         },
         "status: what it holds, for whom; gc: drop what nobody can use and what exceeds the limit; "
         "clear: empty it; verify: read and check every byte; path: where it is")
      ->required();
  add_store_options(app, options.store, options.store_limit);
  app.add_flag("--json", options.json, "With status: for programs");
  app.add_flag("--heal", options.heal, "With verify: remove what is damaged");
  if (const auto code = parse(app, arguments)) return *code;
  const std::pair<bool, StoreAction> needs[] = {{options.json, StoreAction::kStatus},
                                                {options.heal, StoreAction::kVerify}};
  for (const auto& [given, action] : needs) {
    if (!given || options.action == action) continue;
    print_error({"--json goes with status, --heal with verify", "see typewave store --help"});
    return kUsage;
  }
  return run_store(options);
}

constexpr const char* kHelp =
    "Incremental, shareable type checking with mypy.\n"
    "\n"
    "Usage: typewave COMMAND [OPTIONS] [mypy's OPTIONS and targets]\n"
    "\n"
    "Commands:\n"
    "  check      check the targets as mypy would, and again only what changed\n"
    "  graph      write the module graph and its components\n"
    "  store      status, gc, clear, verify, path: look after the store of results\n"
    "\n"
    "Options:\n"
    "  --version  the versions of typewave and of the mypy found\n"
    "  --help     this text; `typewave COMMAND --help` for a command's\n";

}  // namespace

int run_cli(int argc, char** argv) {
  open_missing_streams();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) {
    print_stderr(kHelp);
    return kUsage;
  }
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  const std::string& command = arguments.front();
  if (command == "check") return check(rest);
  if (command == "graph") return graph(rest);
  if (command == "store") return store(rest);
  if (command == "--version" || command == "-V") return print_versions();
  if (command == "--help" || command == "-h" || command == "help") {
    print_stdout(kHelp);
    return 0;
  }
  print_error({"unknown command " + command, "the commands are check, graph and store; see typewave --help"});
  return kUsage;
}

}  // namespace runner

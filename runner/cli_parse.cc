#include "runner/cli_parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <utility>

#include "runner/console.h"
#include "runner/last_words.h"

namespace runner {
namespace {

constexpr const char* kMypyFooter =
    "Every other argument is mypy's own and means what it means there; see `mypy --help`. Arguments after -- "
    "are all mypy's.";

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

// Moves what the branch has places for from the front of mypy's arguments to ours; to the front there, too,
// where no option takes it for its value.
void take_positionals(const CLI::App& app, SplitArguments& split) {
  std::vector<std::string> places;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional() || split.mypy.empty() || split.mypy.front().starts_with('-')) continue;
    places.push_back(std::move(split.mypy.front()));
    split.mypy.erase(split.mypy.begin());
  }
  split.own.insert(split.own.begin(), std::make_move_iterator(places.begin()),
                   std::make_move_iterator(places.end()));
}

// As with mypy's options, the last of several wins, unless an option says that it may be repeated.
void let_last_win(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const bool repeated = option->get_items_expected_max() > 1;
    if (!repeated && option->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw) option->take_last();
  }
  for (CLI::App* branch : app.get_subcommands(nullptr)) let_last_win(*branch);
}

// Parses our share of a command's arguments; gives an exit status if that was all.
std::optional<int> parse(CLI::App& app, const std::vector<std::string>& own) {
  let_last_win(app);
  std::vector<std::string> reversed(own.rbegin(), own.rend());  // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    print_stdout(app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    print_error({error.what(), "see " + app.get_name() + " --help"});
    return kUsageError;
  }
  return std::nullopt;
}

}  // namespace

std::vector<OwnOption> own_options(const CLI::App& app) {
  std::vector<OwnOption> names;
  for (const CLI::Option* option : app.get_options()) {
    const bool value = takes_value(*option);
    const int values = option->get_items_expected_min();
    const bool optional = value && values == 0;
    const auto more = static_cast<std::size_t>(value ? std::max(values, 1) - 1 : 0);
    for (const std::string& name : option->get_lnames())
      names.push_back({"--" + name, value, optional, more});
    for (const std::string& name : option->get_snames()) names.push_back({"-" + name, value, optional, more});
  }
  return names;
}

void describe_command(const CommandEntry& entry, CliCommand& command, CLI::App& app) {
  app.name("typewave " + std::string(entry.name));
  app.description(std::string(entry.summary));
  if (entry.rest == Rest::kMypy) app.footer(kMypyFooter);
  command.describe(app);
}

int run_command(const CommandEntry& entry, const std::vector<std::string>& arguments) {
  const std::unique_ptr<CliCommand> command = entry.make();
  CLI::App app;
  describe_command(entry, *command, app);
  SplitArguments split{arguments, {}};
  if (entry.rest == Rest::kMypy) {
    auto parts = split_arguments(arguments, own_options(app));
    if (!parts) {
      print_error({parts.error().message, "see " + app.get_name() + " --help"});
      command->on_refused(arguments, kUsageError);
      return kUsageError;
    }
    split = std::move(*parts);
    take_positionals(app, split);
  }
  if (const auto code = parse(app, split.own)) {
    if (*code != 0) command->on_refused(arguments, *code);
    return *code;
  }
  // What of it is needed where would only show one by one.
  if (const auto lost = entry.rest == Rest::kMypy ? lost_directory() : std::nullopt) {
    print_error(*lost);
    command->on_refused(arguments, kTrouble);
    return kTrouble;
  }
  return command->run(std::move(split.mypy));
}

}  // namespace runner

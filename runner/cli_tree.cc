#include "runner/cli_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "runner/cli_parse.h"

namespace runner {
namespace {

constexpr std::string_view kMypyOptions =
#include "runner/mypy_options.inc"
    ;

std::vector<std::string> split(std::string_view text, char delimiter) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, delimiter);) parts.push_back(std::move(part));
  return parts;
}

// CLI11 adds what its validators say of themselves after a colon.
std::string own_type_name(const CLI::Option& option) {
  const std::string whole = option.get_type_name();
  return whole.substr(0, whole.find(':'));
}

TreeOption tree_option(const CLI::Option& option) {
  TreeOption result;
  result.text = option.get_description();
  if (option.get_positional()) {
    result.names.push_back(option.get_name());
  }
  for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) set_value(result, own_type_name(option));
  result.may_be_alone = option.get_items_expected_max() > 0 && option.get_items_expected_min() == 0;
  result.repeatable = option.get_items_expected_max() > 1;
  return result;
}

TreeCommand tree_command(const CLI::App& app, std::string name, Rest rest) {
  TreeCommand command{std::move(name), app.get_description(), rest, {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    (option->get_positional() ? command.places : command.options).push_back(tree_option(*option));
  }
  const auto branches = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* branch : branches) {
    command.branches.push_back(tree_command(*branch, branch->get_name(), Rest::kRefused));
  }
  return command;
}

}  // namespace

void set_value(TreeOption& option, std::string_view value) {
  option.value = value;
  const bool one_choice =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (one_choice || value.find('|') != std::string_view::npos) {
    option.kind = ValueKind::kChoice;
    option.choices = split(value, '|');
  } else if (value == "FILE") {
    option.kind = ValueKind::kFile;
  } else if (value == "DIR") {
    option.kind = ValueKind::kDirectory;
  } else {
    option.kind = ValueKind::kWord;
  }
}

std::vector<TreeCommand> option_tree() {
  std::vector<TreeCommand> tree;
  for (const CommandEntry& entry : commands()) {
    const std::unique_ptr<CliCommand> command = entry.make();
    CLI::App app;
    describe_command(entry, *command, app);
    tree.push_back(tree_command(app, std::string(entry.name), entry.rest));
  }
  return tree;
}

std::vector<TreeOption> mypy_options() {
  std::vector<TreeOption> options;
  for (const std::string& line : split(kMypyOptions, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t tab = line.find('\t');
    TreeOption option;
    option.names = split(std::string_view(line).substr(0, tab), ' ');
    if (tab != std::string::npos) {
      const std::vector<std::string> rest = split(std::string_view(line).substr(tab + 1), '\t');
      if (!rest.front().empty()) set_value(option, rest.front());
      option.hidden = rest.size() > 1;
    }
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace runner

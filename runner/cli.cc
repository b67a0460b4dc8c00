#include "runner/cli.h"

#include <algorithm>
#include <string>
#include <vector>

#include "runner/argument_pipes.h"
#include "runner/child_processes.h"
#include "runner/cli_command.h"
#include "runner/cli_parse.h"
#include "runner/console.h"
#include "runner/interruption.h"
#include "runner/version_command.h"

namespace runner {
namespace {

constexpr int kCannotPrint = 2;

constexpr CommandEntry kCommands[] = {
    {"check", "check the targets as mypy would, and again only what changed", Rest::kMypy,
     make_check_command},
    {"graph", "show the import graph, or a part of it", Rest::kMypy, make_graph_command},
    {"cycles", "list import cycles by cost, and the imports that break them", Rest::kMypy,
     make_cycles_command},
    {"waves", "say what can be checked at once, and what more processors could bring", Rest::kMypy,
     make_waves_command},
    {"explain", "say why a module was checked or reused, or would be", Rest::kMypy, make_explain_command},
    {"completion", "write a script that completes typewave's commands in a shell", Rest::kRefused,
     make_completion_command},
    {"man", "write the manual page", Rest::kRefused, make_man_command},
    {"store", "look after the store of results: status, gc, clear, verify, path", Rest::kRefused,
     make_store_command},
    {"doctor", "say which mypy is used, what is kept where, and what makes the next run slow", Rest::kMypy,
     make_doctor_command},
};

std::string help_text() {
  std::size_t width = 0;
  for (const CommandEntry& entry : kCommands) width = std::max(width, entry.name.size());
  std::string text =
      "Incremental, shareable type checking with mypy.\n"
      "\n"
      "Usage: typewave COMMAND [OPTIONS] [mypy's OPTIONS and targets]\n"
      "\n"
      "Commands:\n";
  for (const CommandEntry& entry : kCommands) {
    const std::string name(entry.name);
    text += "  " + name + std::string(width + 3 - name.size(), ' ') + entry.summary + "\n";
  }
  return text +
         "\n"
         "Options:\n"
         "  --version  the versions of typewave and of the mypy found\n"
         "  --help     this text; `typewave COMMAND --help` for a command's\n";
}

std::string command_names() {
  std::string text;
  for (const CommandEntry& entry : kCommands) {
    const bool last = &entry == std::end(kCommands) - 1;
    if (!text.empty()) text += last ? " and " : ", ";
    text += entry.name;
  }
  return text;
}

int run_arguments(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_stderr(help_text());
    return kUsageError;
  }
  const std::string& command = arguments.front();
  for (const CommandEntry& entry : kCommands) {
    if (command == entry.name) return run_command(entry, {arguments.begin() + 1, arguments.end()});
  }
  if (command == "--version" || command == "-V") return print_versions();
  if (command == "--help" || command == "-h" || command == "help") {
    print_stdout(help_text());
    return 0;
  }
  print_error(
      {"unknown command " + command, "the commands are " + command_names() + "; see typewave --help"});
  return kUsageError;
}

}  // namespace

std::span<const CommandEntry> commands() {
  return kCommands;
}

int run_cli(int argc, char** argv) {
  open_missing_streams();
  adopt_orphans();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (const auto error = keep_argument_pipes(arguments)) return fail(*error);
  int code = run_arguments(arguments);
  if (const auto lost = lost_output()) {
    print_error(*lost);
    code = kCannotPrint;
  }
  Interruption::begin_ending();
  end_orphans();
  return code;
}

}  // namespace runner

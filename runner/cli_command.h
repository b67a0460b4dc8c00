// A command of typewave: a branch of the option tree, and what it does. Everything that knows options
// (parsing, help, completion scripts, the manual page) reads that tree, so an option is described once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace runner {

class CliCommand {
 public:
  virtual ~CliCommand() = default;
  // Adds the options (and, for a command without mypy's arguments, subcommands) to its branch; once.
  virtual void describe(CLI::App& app) = 0;
  // Runs with the options as parsed and gives the exit status. `mypy_arguments`: what is not typewave's.
  virtual int run(std::vector<std::string> mypy_arguments) = 0;
  // The arguments were refused with this exit status: a message is printed already.
  virtual void on_refused([[maybe_unused]] const std::vector<std::string>& arguments,
                          [[maybe_unused]] int code) {}
};

// Whether what is not typewave's goes to mypy.
enum class Rest { kRefused, kMypy };

struct CommandEntry {
  std::string_view name;
  const char* summary;  // one line, no full stop
  Rest rest = Rest::kRefused;
  std::unique_ptr<CliCommand> (*make)() = nullptr;
};

// All commands, in the order of the help text.
std::span<const CommandEntry> commands();

// Each in the file of its name (cli_check.cc...).
std::unique_ptr<CliCommand> make_check_command();
std::unique_ptr<CliCommand> make_graph_command();
std::unique_ptr<CliCommand> make_cycles_command();
std::unique_ptr<CliCommand> make_waves_command();
std::unique_ptr<CliCommand> make_explain_command();
std::unique_ptr<CliCommand> make_completion_command();
std::unique_ptr<CliCommand> make_man_command();
std::unique_ptr<CliCommand> make_doctor_command();
std::unique_ptr<CliCommand> make_store_command();

}  // namespace runner

// The option tree as plain data: what help, completion scripts and the manual page are made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/cli_command.h"

namespace runner {

// What may follow an option or stand in a place.
enum class ValueKind { kNone, kWord, kChoice, kFile, kDirectory };

struct TreeOption {
  std::vector<std::string> names;  // with their dashes; of a place its one name
  std::string text;                // empty for mypy's
  ValueKind kind = ValueKind::kNone;
  std::string value;                 // how the value is called, e.g. FILE
  std::vector<std::string> choices;  // kChoice only
  bool may_be_alone = false;         // the value may be left out
  bool repeatable = false;
  bool hidden = false;  // mypy has it without showing it
};

struct TreeCommand {
  std::string name;
  std::string summary;
  Rest rest = Rest::kRefused;
  std::vector<TreeOption> options;
  std::vector<TreeOption> places;  // positional arguments, in order
  std::vector<TreeCommand> branches;
};

// All commands.
std::vector<TreeCommand> option_tree();
// mypy's own options.
std::vector<TreeOption> mypy_options();

// `value` is a type name: FILE, DIR, lower-case words with | between them, or what else a value is called.
void set_value(TreeOption& option, std::string_view value);

}  // namespace runner

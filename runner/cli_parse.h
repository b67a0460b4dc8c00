// Parses one command's arguments by its branch of the option tree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/arguments.h"
#include "runner/cli_command.h"

namespace runner {

inline constexpr int kUsageError = 2;

// The names by which a branch's options are told from mypy's.
std::vector<OwnOption> own_options(const CLI::App& app);

// Builds the command's branch.
void describe_command(const CommandEntry& entry, CliCommand& command, CLI::App& app);

// Parses and runs; gives the process's exit status.
int run_command(const CommandEntry& entry, const std::vector<std::string>& arguments);

}  // namespace runner

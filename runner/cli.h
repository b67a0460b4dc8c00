// The command line: subcommands, their options and help.
#pragma once

namespace runner {

// Runs the program and gives its exit status.
int run_cli(int argc, char** argv);

}  // namespace runner

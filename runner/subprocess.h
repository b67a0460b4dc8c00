// Runs another program to its end: its output kept, or going where ours goes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

struct Command {
  std::vector<std::string> words;      // the program, looked up on PATH, and its arguments
  std::vector<std::string> variables;  // "NAME=value", on top of the environment
  std::string directory{};             // to run in; ours when empty
  std::optional<std::string> input{};  // its standard input; ours when absent
  std::string name{};                  // for messages; else the first word
  bool guarded = false;                // what it starts ends with it, or with us
};

struct Finished {
  int status = 0;
  std::string stdout_text;
  std::string stderr_text;
};

// All fail when the program cannot be started or ends by a signal.
graph::Result<Finished> run_captured(const Command& command);
// Keeps what goes to standard output; with `shown` it also goes where ours goes, as it comes.
graph::Result<Finished> run_kept(const Command& command, bool shown);
// Gives its exit status.
graph::Result<int> run_passed_on(const Command& command);

}  // namespace runner

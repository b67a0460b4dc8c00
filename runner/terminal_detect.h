// Finds out what mypy would find out about the terminal it prints to.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runner/terminal_style.h"

namespace runner {

// Where the questions go. The default asks this process's environment and standard streams.
struct TerminalQuery {
  int stdout_fd = 1;
  int stderr_fd = 2;
  // The value of an environment variable, or nothing.
  std::function<std::optional<std::string>(const char* name)> environment;
};

// Consults MYPY_FORCE_COLOR, FORCE_COLOR, MYPY_FORCE_TERMINAL_WIDTH, COLUMNS, TERM with its terminfo
// entry, and the two streams. (mypy knows no NO_COLOR.) Not thread-safe, as terminfo is not.
Terminal detect_terminal(const TerminalQuery& query = {});

}  // namespace runner

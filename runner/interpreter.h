// Which Python interpreters may hold the user's mypy, best first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

struct Interpreter {
  std::string
      path;  // of the executable; not resolved, because a virtual environment is found by where its link lies
  std::string origin;     // how it was found, for people: "--python", "$VIRTUAL_ENV", ...
  bool required = false;  // named by the user: no other is tried
};

// Where this program's own executable really lies; empty if that cannot be known.
std::string running_binary();

// --python; [tool.typewave] python; $TYPEWAVE_PYTHON, which `python -m typewave` sets; $VIRTUAL_ENV; .venv of
// the project; the one beside `binary`; the interpreter of the `mypy` on PATH; python3;
// $TYPEWAVE_FALLBACK_PYTHON. Only those whose executable exists; for one that the user named and that does
// not, an error.
graph::Result<std::vector<Interpreter>> find_interpreters(const std::optional<std::string>& option,
                                                          const std::string& cwd,
                                                          const std::string& binary = running_binary());

// What identifies an interpreter in memoised answers without starting it: for a virtual environment what its
// pyvenv.cfg says of the version, which is the same on other machines; else the executable's size and time.
// Empty for a script: where it leads can change at any time.
std::string interpreter_identity(const std::string& executable);

// What the text of a pyvenv.cfg says of the system's packages, read as Python's site.py reads it.
bool has_system_packages(const std::string& settings);

// False when the interpreter belongs to a virtual environment that surely has no mypy, so that it need not be
// started.
bool may_hold_mypy(const std::string& executable);

}  // namespace runner

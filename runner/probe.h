// Asks the user's mypy once about itself and its options, and remembers the answer by content, so that
// nothing of Python starts while nothing of it changed, in this checkout or another.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "graph/result.h"
#include "runner/interpreter.h"
#include "runner/pack_store.h"
#include "runner/probe_answer.h"
#include "runner/settled_inputs.h"
#include "runner/state_directory.h"
#include "runner/worker_process.h"

namespace runner {

struct ProbeRequest {
  std::vector<std::string> mypy_arguments;
  std::vector<Interpreter> interpreters;  // tried in order; the first that holds a supported mypy wins
  std::string cwd;
  Patience patience = kUsualPatience;
  const StateDirectory* state = nullptr;  // keeps the last answer, so that the store need not be opened
};

struct Probe {
  std::string python;  // executable of the interpreter that answered
  ProbeAnswer answer;
  std::shared_ptr<const SettledInputs> settled;  // what the answer rests on; null if that cannot be watched
};

// mypy itself decided to stop: what it printed and its exit status.
struct EarlyExit {
  int code = 2;
  std::string stdout_text;
  std::string stderr_text;
};

using ProbeResult = std::variant<Probe, EarlyExit, graph::Error>;

// An interpreter that was tried in vain, and why.
struct Tried {
  Interpreter interpreter;
  std::string why;
};

// `tried`, if given, takes those before the one that answered.
ProbeResult probe(const ProbeRequest& request, PackStore& store, std::vector<Tried>* tried = nullptr);

}  // namespace runner

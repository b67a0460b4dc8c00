// What a check of one component gave, as it is stored: interfaces, diagnostics, used dependencies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/digest.h"

namespace scheduler {

// One message of mypy with everything that formatting needs (the fields of mypy's ErrorInfo). Lines are
// 1-based, columns 0-based as in mypy, -1 for unknown.
struct Diagnostic {
  std::int32_t line = -1;
  std::int32_t column = -1;
  std::int32_t end_line = -1;
  std::int32_t end_column = -1;
  std::string severity;  // "error" or "note"
  std::string message;
  std::optional<std::string> code;  // e.g. "attr-defined"
  bool only_once = false;           // shown once per run
  bool from_import_phase = false;   // reported while the graph was loaded, else while checking
  bool hidden = false;
  bool blocker = false;
  bool has_import_context = true;  // false: mypy reports it without "In module imported here"
  std::int32_t priority = 0;
  std::vector<std::int32_t> origin_span;
  std::optional<std::string> local_type;      // class the message is in
  std::optional<std::string> local_function;  // function the message is in
  std::int32_t parent = -1;                   // index of the error this note belongs to, in the same module

  bool operator==(const Diagnostic&) const = default;
};

// A module's share of an outcome.
struct ModuleOutcome {
  graph::Digest interface;
  std::vector<Diagnostic> diagnostics;  // in the order mypy reported them
  bool mentions_lines = true;           // whether the interface may hold a number of a line

  bool operator==(const ModuleOutcome&) const = default;
};

// The symbols of one module that a check looked at.
struct TouchedSymbols {
  std::string module;
  std::string symbols;  // names relative to the module, sorted, one a line

  bool operator==(const TouchedSymbols&) const = default;
};

struct Outcome {
  std::vector<ModuleOutcome> modules;  // in the component's order
  std::vector<std::string> used;       // modules whose interfaces the check depended on, sorted
  // What of those interfaces the check looked at. Only a fresh outcome has it: it is stored beside the
  // outcome.
  std::vector<TouchedSymbols> touched;
  double seconds = 0;  // CPU time of the check; an estimate for later plans, never part of an answer

  bool operator==(const Outcome&) const = default;
};

}  // namespace scheduler

// What `typewave doctor` finds out: plain data, so that what follows from it can be tested without a disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runner/file_system_kind.h"
#include "runner/probe_answer.h"

namespace runner {

// An interpreter that was considered, and what was found.
struct Candidate {
  std::string path;
  std::string origin;
  std::string verdict;
};

struct DirectoryFacts {
  std::string path;  // empty: there is no place for it
  bool exists = false;
  std::string trouble;  // why it cannot be used
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  FileSystemState file_system;
};

struct GraphFacts {
  std::size_t own_modules = 0;
  std::size_t followed_modules = 0;
  std::size_t components = 0;
  std::size_t waves = 0;
  std::vector<std::string> largest_cycle;  // its modules
  std::size_t reused = 0;                  // by the next run
  std::size_t checked = 0;                 // at most
};

struct DoctorFacts {
  std::string directory;  // where it ran
  std::vector<std::string> arguments;
  std::vector<Candidate> candidates;
  std::optional<std::string> python;  // the interpreter chosen
  std::string mypy_version;
  bool mypy_compiled = true;
  std::string config_file;                // empty: none
  std::vector<std::string> config_tried;  // up to the one that was read
  bool own_settings = false;              // pyproject.toml has a [tool.typewave]
  std::vector<PluginAnswer> plugins;
  std::vector<std::pair<std::string, std::string>> key_inputs;
  std::vector<std::pair<std::string, std::optional<std::string>>> variables;
  // Values of variables that no report may show, with their names.
  std::vector<std::pair<std::string, std::string>> hidden;
  // Why there is no more to say: no mypy, arguments that mypy refuses...
  std::string mypy_trouble;
  std::string mypy_hint;
  std::optional<std::string> delegate;  // why mypy itself would run
  std::optional<std::string> blocked;   // the blocking error at which mypy would stop
  bool sources_from_mypy = false;
  DirectoryFacts store;
  std::uint64_t damaged = 0;  // records or packs of the store, of those that were looked at
  DirectoryFacts state;
  FileSystemState checkout;
  std::size_t processors = 1;
  std::size_t jobs = 1;
  std::uint64_t memory_limit = 0;
  std::uint64_t max_memory = 0;
  std::optional<GraphFacts> graph;
};

}  // namespace runner

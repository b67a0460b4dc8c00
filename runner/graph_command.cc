#include "runner/graph_command.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "graph/graph_export.h"
#include "runner/check_command.h"
#include "runner/console.h"
#include "runner/disk_report.h"
#include "runner/machine.h"
#include "runner/memory_store.h"
#include "runner/run_setup.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"

namespace runner {
namespace {

constexpr int kTrouble = 2;

int fail(const graph::Error& error) {
  print_error(error);
  return kTrouble;
}

int write_graph(const RunSetup& setup, const GraphOptions& options) {
  const std::string text = options.format == GraphFormat::kDot
                               ? graph::graph_to_dot(setup.graph, *setup.components)
                               : graph::graph_to_json(setup.graph, *setup.components);
  if (!options.output) {
    print_stdout(text);
    return 0;
  }
  std::ofstream file(*options.output, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (!file) return fail({"cannot write " + *options.output, "give --output a path that can be written"});
  return 0;
}

}  // namespace

int run_graph(const GraphOptions& options) {
  const std::string cwd = std::filesystem::current_path();
  const auto directory = options.store ? options.store : default_store_directory();
  std::unique_ptr<PackStore> store = std::make_unique<MemoryStore>();
  if (directory) store = PackStore::open(*directory, PackStore::Access::kReadWrite);
  auto interpreters = find_interpreters(options.python, cwd);
  if (!interpreters) return fail(interpreters.error());
  ProbeResult result = probe({options.mypy_arguments, std::move(*interpreters), cwd}, *store);
  store->flush();
  if (const auto* error = std::get_if<graph::Error>(&result)) return fail(*error);
  if (const auto* exit = std::get_if<EarlyExit>(&result)) return stop_as_mypy(*exit);

  RunSetup setup;
  Probe& found = std::get<Probe>(result);
  setup.python = found.python;
  setup.mypy_arguments = options.mypy_arguments;
  setup.probe = std::move(found.answer);
  setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
  const StateDirectory state = StateDirectory::open(cwd, StateDirectory::Access::kReadWrite);
  StatCache memory(state);
  SourceResult sources = list_sources(setup);
  if (const auto* error = std::get_if<graph::Error>(&sources)) return fail(*error);
  if (const auto* exit = std::get_if<EarlyExit>(&sources)) return stop_as_mypy(*exit);
  setup.sources = std::move(std::get<std::vector<graph::Source>>(sources));

  const auto needs_mypy = load_run(setup, {.threads = static_cast<unsigned>(usable_processors()),
                                           .memory = &memory,
                                           .doubted = {},
                                           .store = store.get()});
  memory.save();
  const DiskReport disk{.troubles = {store->trouble(), state.trouble(), memory.trouble()},
                        .damaged_in_store = store->counters().corrupt,
                        .damaged_in_state = state.damaged()};
  for (const std::string& warning : warnings_of(disk)) print_warning(warning);
  if (needs_mypy) {
    return fail(
        {"the graph cannot be built: " + needs_mypy->reason, "run `typewave check` to see mypy's own words"});
  }
  return write_graph(setup, options);
}

}  // namespace runner

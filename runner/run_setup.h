// From the user's arguments to the module graph and its components: the first half of every command.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "graph/canonical_path.h"
#include "graph/condensation.h"
#include "graph/disk_file_system.h"
#include "graph/module_graph.h"
#include "graph/module_resolver.h"
#include "graph/overlay_file_system.h"
#include "graph/overlay_scanner.h"
#include "graph/parallel_file_scanner.h"
#include "graph/source_discovery.h"
#include "runner/arbitrated_scanner.h"
#include "runner/pack_store.h"
#include "runner/probe.h"
#include "scheduler/known_outcomes.h"

namespace runner {

// How a run looks at the tree as it was before some files changed.
struct EarlierView {
  EarlierView(graph::FileSystem& now, graph::FileScanner& reader, const graph::EarlierFiles& earlier,
              const std::string& cwd)
      : changed(earlier), files(now, earlier, cwd), scanner(reader, earlier, cwd) {}
  const graph::EarlierFiles& changed;
  graph::OverlayFileSystem files;
  graph::OverlayScanner scanner;
};

// What a run took over from an earlier one with the same module graph (known_graph.h).
struct KnownRun {
  graph::DiskObservations seen;  // in place of the run's own
  std::deque<graph::ScannedFile> files;
  std::unique_ptr<graph::ScanSource> scans;  // of these
  graph::Digest run;                         // what all keys share, when these were computed:
  std::vector<graph::Digest> keys;           // by ComponentId
  std::vector<bool> outdated;                // by ComponentId: a source of it has changed since
  std::size_t changed = 0;                   // sources
  scheduler::KnownOutcomes outcomes;
};

// Everything a command knows of a run before it decides anything. Pieces refer to each other: it stays where
// it was made.
struct RunSetup {
  std::string python;
  std::vector<std::string> mypy_arguments;
  ProbeAnswer probe;
  Patience patience = kUsualPatience;            // with workers that are asked before the checks
  std::shared_ptr<const SettledInputs> settled;  // see Probe
  std::vector<graph::Source> sources;
  bool sources_from_mypy = false;  // which looked at the disk itself
  graph::DiskFileSystem files;
  std::unique_ptr<EarlierView> earlier;  // in place of the disk
  std::unique_ptr<graph::OptionsTable> options;
  graph::SearchPaths search_paths;                  // with those that follow from the sources
  std::unique_ptr<graph::ModuleResolver> resolver;  // none for a known graph
  std::unique_ptr<graph::ParallelFileScanner> scanner;
  std::unique_ptr<ArbitratedScanner> arbitrated;
  graph::ModuleGraph graph;
  std::optional<graph::Condensation> components;
  // Modules of mypy's own typeshed whose interface is a function of the run's global inputs alone, by
  // ModuleId.
  std::vector<bool> constant;
  graph::Digest typeshed;           // of what the bundled one holds
  std::unique_ptr<KnownRun> known;  // if the graph is one that was known

  graph::FileSystem& view() {
    if (earlier) return earlier->files;
    return files;
  }
};

// Why only mypy itself can give the answer to these arguments.
struct NeedsMypy {
  std::string reason;
  bool blocking_error = false;  // mypy stops with an error; else the options are the reason
};

struct LoadRequest {
  unsigned threads = 1;
  graph::ScanMemory* memory = nullptr;
  std::set<std::string> doubted;  // paths about which mypy has to be asked
  PackStore* store = nullptr;     // remembers what plugins said
};

// Of the same arguments and the same word of mypy, before anything was looked at.
std::unique_ptr<RunSetup> fresh_setup(const RunSetup& asked);

using SourceResult = std::variant<std::vector<graph::Source>, EarlyExit, graph::Error>;

// The sources of a run, by mypy's rules or, where those cannot be vouched for, from mypy itself.
// With a `memory`, which load_run() has to be given too, sources are scanned as soon as they turn up.
SourceResult list_sources(RunSetup& setup, graph::ScanMemory* memory = nullptr);

// All that a run looked at so far which made its graph itself.
graph::DiskObservations observations_of(const RunSetup& setup);
// The same of any run, once it does not need it any more.
graph::DiskObservations take_observations(RunSetup& setup);

// Whether the graph follows from the arguments, mypy's word on them, and what typewave itself saw of the
// disk.
bool follows_from_what_was_seen(const RunSetup& setup);

// Says what mypy said when it decided to stop; gives its exit status.
int stop_as_mypy(const EarlyExit& exit);

// Fills graph, components and constant; setup.sources must be there.
std::optional<NeedsMypy> load_run(RunSetup& setup, const LoadRequest& request);

}  // namespace runner

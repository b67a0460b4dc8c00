// The module graph of an earlier run, taken up again when only contents of sources have changed since and no
// import of theirs: then no source is listed, no import resolved, and only what changed is scanned.
//
//   graph file := "TWG\x01", SHA-256 of the body, body
//   body       := inputs, disk, typeshed, run (digests), varint count { digest of a file }*, u8 sources, bits
//                 of sections used, bits of constant modules, graph (graph_codec.h), { static key }*,
//                 outcomes
//   outcomes   := { u8 flags, for a valid one: u64 seconds, used digest, varint count { varint module }*,
//                 { interface, u8 mentions lines }* for each module of the component }*
//   sources    := names of base directories, varint count { varint base directory + 1, or 0; u8 has a path }*
//   bits       := varint count { u8 }*
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/disk_observations.h"
#include "runner/planned_run.h"
#include "runner/run_setup.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"

namespace runner {

class KnownGraph {
 public:
  // The one that was kept under these inputs. Nothing if there is none.
  static std::optional<KnownGraph> recall(const StateDirectory& state, const graph::Digest& inputs);
  // The same of such a file's bytes, for tests of damaged ones; an empty one is damaged.
  static std::optional<KnownGraph> read(std::string bytes);

  // Makes of a fresh setup what list_sources() and load_run() would. False if that cannot be vouched for;
  // then the setup is as it was, but for its options. `now` is what those would see of the disk; the
  // setup has it afterwards. `memory` must outlive the setup's graph.
  bool take_up(RunSetup& setup, graph::DiskObservations& now, StatCache& memory, unsigned threads) const;

  const graph::Digest& inputs() const { return inputs_; }

 private:
  std::unique_ptr<const std::string> bytes_;
  graph::Digest inputs_;
  std::string_view rest_;  // behind the inputs
};

// Whether the graph that is kept serves the next run as well as what this one found would.
bool is_well_known(const PlannedRun& run);

// Keeps the graph of a run that looked at all of the disk itself, if it can be kept. Losing it costs time
// only, so trouble with the disk is not reported.
void remember_graph(const StateDirectory& state, const graph::Digest& inputs, const PlannedRun& run,
                    const graph::DiskObservations& seen);

// The bytes of such a file, for tests; empty for a graph that cannot be kept.
std::string encode_known_graph(const graph::Digest& inputs, const PlannedRun& run,
                               const graph::DiskObservations& seen);

}  // namespace runner

// What a worker has to know of a run before its first check.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/build_options.h"
#include "graph/source_discovery.h"
#include "runner/early_worker.h"
#include "runner/retired_workers.h"
#include "runner/trace_log.h"

namespace runner {

struct WorkerSetup {
  std::string python;
  std::vector<std::string> mypy_arguments;
  std::vector<graph::Source> sources;
  graph::SearchPaths search_paths;
  bool fast_module_lookup = false;  // as graph::BuildOptions: mypy looks for modules among the sources
  std::size_t workers = 1;
  // Start each worker only when there is work for it, because there may never be enough for all.
  bool start_with_work = false;
  // Has one that was sent its start_request(), for whoever needs a worker first; may be null.
  EarlyWorker* early = nullptr;
  RetiredWorkers* retired = nullptr;  // where workers go in the end; may be null
  // How long the check of one component may take; zero: for ever; nothing: very long.
  std::optional<std::chrono::seconds> timeout;
  // What all workers and typewave itself may hold in memory, in bytes.
  std::uint64_t max_memory = UINT64_MAX;
  TraceLog* trace = nullptr;  // records spans of every check when given
};

}  // namespace runner

// What is said to a worker: the start of a run, interfaces to load, components to check.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "runner/worker_setup.h"
#include "scheduler/static_key.h"

namespace runner {

// Modules are spoken of by number (ModuleId), missing ones by their position in graph.missing; the names are
// said once, here.
struct StartRequest {
  nlohmann::json header;
  // Names of the modules, of those missing, of the sources that are no modules, and these sources' paths:
  // each list is one text with a zero byte after each; as JSON, tens of thousands of texts take many times as
  // long. Then numbers: the modules in SubmoduleOrder, its spans, and the modules that are sources. Only with
  // fast_module_lookup does a source's path count; all sources are in the lists then.
  std::vector<std::string> lists;

  std::vector<std::string_view> blobs() const { return {lists.begin(), lists.end()}; }
};
StartRequest start_request(const WorkerSetup& setup, const graph::ModuleGraph& graph);

// One component of a "check" request; the numbers of its named inputs follow as two blobs, visible and
// missing.
nlohmann::json component_request(const graph::Component& component, const graph::ModuleGraph& graph);

// Numbers as they travel beside a frame's header: 32 bits each, little-endian.
std::string number_blob(const std::vector<std::uint32_t>& numbers);
// Nothing when the blob is not a whole number of numbers.
std::optional<std::vector<std::uint32_t>> read_number_blob(std::string_view blob);

// One component of a "load" request; its interfaces follow as blobs, one a module.
nlohmann::json load_request(const graph::Component& component, const graph::ModuleGraph& graph,
                            const std::vector<bool>& constant);

// What a worker computes of the imports mypy found in a file, to be compared: SHA-1 in hexadecimal of one
// line for each import that is left once bodies are stripped.
std::string imports_digest(const graph::ImportScan& scan, bool bodies_stripped);

// The SHA-1 of a module's source in hexadecimal, null for a directory.
nlohmann::json source_sha1(const graph::Module& module);

}  // namespace runner

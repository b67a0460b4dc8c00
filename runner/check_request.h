// What is said to a worker: the start of a run, interfaces to load, components to check.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "runner/worker_checker.h"
#include "scheduler/static_key.h"

namespace runner {

nlohmann::json start_request(const WorkerSetup& setup);

// One component of a "check" request.
nlohmann::json component_request(const graph::Component& component, const graph::ModuleGraph& graph,
                                 const scheduler::NamedInputs& named);

// One component of a "load" request; its interfaces follow as blobs, one a module.
nlohmann::json load_request(const graph::Component& component, const graph::ModuleGraph& graph,
                            const std::vector<bool>& constant);

// What a worker computes of the imports mypy found in a file, to be compared: SHA-1 in hexadecimal of one
// line for each import that is left once bodies are stripped.
std::string imports_digest(const graph::ImportScan& scan, bool bodies_stripped);

}  // namespace runner

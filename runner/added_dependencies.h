// What a plugin says it adds to a module's dependencies, as the worker and the store spell it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/import_edges.h"

namespace runner {

// [[priority, module, line], ...] as mypy's plugins give it; nothing for anything else, priorities that mypy
// has not among it.
std::optional<std::vector<graph::AddedDependency>> read_added_dependencies(const nlohmann::json& answer);
// The same of a stored record.
std::optional<std::vector<graph::AddedDependency>> read_added_dependencies_record(std::string_view record);

}  // namespace runner

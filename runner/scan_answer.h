// What a worker found in a source that the scanner left to mypy's parser.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "graph/import_scanner.h"

namespace runner {

// Nothing unless `answer` is a whole and well-formed scan. Words are not part of it.
std::optional<graph::ImportScan> read_scan_answer(const nlohmann::json& answer);

}  // namespace runner

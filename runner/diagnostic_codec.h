// Diagnostics and outcomes as bytes: the JSON that the worker sends and the form that the store keeps.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"
#include "scheduler/outcome.h"

namespace runner {

// One module's errors as the worker sends them: an array with one array of 17 elements for each message.
graph::Result<std::vector<scheduler::Diagnostic>> parse_diagnostics(const nlohmann::json& errors);

// The stored forms are canonical: equal values give equal bytes, and every other input is an error. `seconds`
// must be a finite number from 0, severities "error" or "note", parents indexes into the same module.
std::string encode_outcome(const scheduler::Outcome& outcome);
graph::Result<scheduler::Outcome> decode_outcome(std::string_view bytes);

std::string encode_touched(const std::vector<scheduler::TouchedSymbols>& touched);
graph::Result<std::vector<scheduler::TouchedSymbols>> decode_touched(std::string_view bytes);

}  // namespace runner

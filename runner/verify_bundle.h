// All that is needed to see elsewhere why an answer differs from cold mypy's, as one JSON document.
#pragma once

#include <string>

#include "graph/result.h"
#include "runner/planned_run.h"
#include "runner/verification.h"

namespace runner {

// The document, format 1: versions, interpreter, arguments, variables, both answers and their difference,
// what was decided for every component, and the texts of the configuration, of plugins in the repository, of
// the files that differing lines name and of what these import (all but mypy's own typeshed). `repeated`: the
// answer was that of the last run.
std::string bundle_json(const PlannedRun& run, const PrintedAnswer& answer, const VerifiedAnswer& verified,
                        bool repeated);

graph::Result<bool> write_bundle(const std::string& document, const std::string& path);

}  // namespace runner

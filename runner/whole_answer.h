// What becomes of options that take something out of an answer, or write it down, where mypy itself answers:
// it prints all it finds.
#pragma once

#include <optional>
#include <string>

#include "graph/result.h"
#include "runner/check_options.h"

namespace runner {

// Why the baseline cannot be updated then; nothing if nobody asks for that. `why`: what mypy is needed for,
// empty if mypy said it.
std::optional<graph::Error> refuse_update(const CheckOptions& options, const std::string& why);

// Names the options that took nothing out of such an answer; nothing if there are none.
std::optional<std::string> note_on_filters(const CheckOptions& options);

}  // namespace runner

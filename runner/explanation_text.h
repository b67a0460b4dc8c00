// Explanations for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runner/explanation.h"

namespace runner {

// Several lines.
std::string explanation_text(const Explanation& explanation, const Explainer& explainer);
nlohmann::ordered_json explanation_json(const Explanation& explanation, const Explainer& explainer);

}  // namespace runner

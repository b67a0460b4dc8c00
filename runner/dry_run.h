// What a check would do, wave by wave, with the reasons.
#pragma once

#include <string>

#include "runner/explanation.h"

namespace runner {

// Why a component is reused or checked, for people, from the decision alone.
std::string reason_text(const scheduler::Decision& decision);

std::string describe_plan(const Explainer& explainer);

}  // namespace runner

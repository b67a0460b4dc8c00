// What a check would do, wave by wave, with the reasons.
#pragma once

#include <cstddef>
#include <string>

#include "runner/explanation.h"

namespace runner {

// Why a component is reused or checked, for people, from the decision alone.
std::string reason_text(const scheduler::Decision& decision);

// The last line of every plan.
std::string size_of_plan(std::size_t to_check, std::size_t components);

std::string describe_plan(const Explainer& explainer);

}  // namespace runner

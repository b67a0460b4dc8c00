// The hard keywords of Python 3 (soft ones are names).
#pragma once

#include <string_view>

#include "graph/token.h"

namespace graph {

Keyword keyword_of(std::string_view name);  // kNone: not a keyword

}  // namespace graph

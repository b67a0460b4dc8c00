// Python identifiers: their Unicode rules.
#pragma once

#include <string>
#include <string_view>

namespace graph {

bool is_ascii(std::string_view text);

// The name as Python sees it: NFKC normalised. `name` has to be valid UTF-8.
std::string normalised_name(std::string_view name);

// Whether a name as the lexer cuts it (any byte >= 0x80 belongs to a name) can be an identifier. Blanks,
// punctuation and symbols cannot; characters the Unicode tables at hand do not know yet are let through.
bool is_plausible_name(std::string_view name);

}  // namespace graph

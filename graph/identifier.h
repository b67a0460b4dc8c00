// Python identifiers: their Unicode rules and their hashes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graph {

bool is_ascii(std::string_view text);

// The name as Python sees it: NFKC normalised. `name` has to be valid UTF-8.
std::string normalised_name(std::string_view name);

// Whether a name as the lexer cuts it (any byte >= 0x80 belongs to a name) can be an identifier. Blanks,
// punctuation and symbols cannot; characters the Unicode tables at hand do not know yet are let through.
bool is_plausible_name(std::string_view name);

// word_hash of every word of the raw text: maximal runs of [A-Za-z0-9_] and bytes >= 0x80 that do not start
// with a digit, and for those with other than ASCII bytes also the words of their NFKC form. Sorted, unique.
std::vector<std::uint32_t> collect_words(std::string_view text);

}  // namespace graph

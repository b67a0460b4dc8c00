// What Python's str says of UTF-8 text, as far as mypy's search for modules depends on it.
#pragma once

#include <string_view>

namespace graph::python_text {

// str.strip(): without white space (Unicode's too) at both ends.
std::string_view stripped(std::string_view text);

bool is_ascii(std::string_view text);
// str.isidentifier() of ASCII text; what lies beyond ASCII needs Unicode's XID tables, ask Python.
bool is_ascii_identifier(std::string_view text);
// Whether `text` is UTF-8 as Python decodes it strictly.
bool is_utf8(std::string_view text);

}  // namespace graph::python_text

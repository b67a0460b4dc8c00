// The value of a str literal.
#pragma once

#include <string>
#include <string_view>

namespace graph {

// `literal` is one whole token, with prefix and quotes; not bytes, no fields. UTF-8. A character given by its
// name (\N{...}) comes out as U+FFFD.
std::string string_literal_value(std::string_view literal);

}  // namespace graph

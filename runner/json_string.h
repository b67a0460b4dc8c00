// Text of unknown origin as a JSON string that is safe wherever JSON may be put.
#pragma once

#include <string>
#include <string_view>

namespace runner {

// In quotes, printable ASCII only: everything else is escaped; bytes that are not UTF-8 become U+FFFD. So are
// `<`, `>` and `&`, which mean something to HTML around it.
std::string json_string(std::string_view text);
void append_json_string(std::string& json, std::string_view text);

}  // namespace runner

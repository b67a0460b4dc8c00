// How two values of one input of a key differ, for people.
#pragma once

#include <string>

namespace runner {

// "1 -> 2"; of two JSON objects what differs in them, by name; of long values the part around the first
// difference, of digests the start.
std::string value_change(const std::string& from, const std::string& to);
// A value that is not too long to be read.
std::string short_value(const std::string& value);

}  // namespace runner

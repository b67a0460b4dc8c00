// Names like one that does not exist, for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

// The number of characters to insert, delete, replace or swap with the next to get from one to the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// At most `limit` of `names`, the likeliest first.
std::vector<std::string> near_names(std::string_view wanted, const std::vector<std::string>& names,
                                    std::size_t limit);

// "did you mean a, b?"; empty when no name is like it.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace runner

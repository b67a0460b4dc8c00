// Text of unknown origin (names, paths, replies) as a terminal may be given it.
#pragma once

#include <string>
#include <string_view>

namespace runner {

// Control characters become `\x1b` and the like, so that a file's name cannot move the cursor or change
// colours; so does what is not UTF-8. Line ends and tabs stay.
std::string visible_text(std::string_view text);

}  // namespace runner

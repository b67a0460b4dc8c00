// Fits messages into the width of a terminal: long errors are wrapped, source snippets trimmed.
#pragma once

#include <string>
#include <vector>

namespace runner {

// `messages` are those of one file, a snippet directly followed by its marker line. Wrapping puts line ends
// inside a message; the number of messages stays.
void fit_in_terminal(std::vector<std::string>& messages, int width);

}  // namespace runner

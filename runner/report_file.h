// A file that a report goes to, wherever the user wants it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graph/result.h"

namespace runner {

// Puts `bytes` in the place of the file, complete or not at all: readers see the old content or the new one.
// Links are followed, and an old file's permissions stay. A pipe or a device, and what is named below /dev or
// /proc, is written to as it is.
std::optional<graph::Error> write_report_file(const std::string& path, std::string_view bytes);

// Adds to a file's end in one piece.
std::optional<graph::Error> append_to_file(const std::string& path, std::string_view bytes);

}  // namespace runner

// Files that have no place on any disk and end with their last descriptor.
#pragma once

#include <string_view>
#include <vector>

#include "runner/file_handle.h"

namespace runner {

// Not inherited. Nothing if there can be none.
FileHandle memory_file(const char* name);

// Writes where the file stands. False when not all of it fits.
bool fill(const FileHandle& file, std::string_view bytes);
// One that holds these, one after the other, to be read from its start. Nothing if there is no room.
FileHandle filled_memory_file(const char* name, const std::vector<std::string_view>& blobs);

}  // namespace runner

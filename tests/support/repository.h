// Where this repository lies.
#pragma once

#include <filesystem>

namespace support {

// Absolute, whatever paths the compiler was given.
std::filesystem::path repository();

}  // namespace support

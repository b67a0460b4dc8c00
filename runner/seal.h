// The checksum at the end of what is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runner {

// Appends the digest of the bytes.
void seal(std::string& bytes);
// The bytes before their digest; nothing if that is not what they end in.
std::optional<std::string_view> unsealed(std::string_view bytes);

}  // namespace runner

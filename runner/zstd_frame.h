// One zstd frame of known size, and back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

std::string compress(std::string_view raw, int level);

// Nothing unless `frame` is exactly one valid frame of `raw_size` bytes. Allocates `raw_size` bytes: the
// caller bounds it.
std::optional<std::string> decompress(std::string_view frame, std::size_t raw_size);

}  // namespace runner

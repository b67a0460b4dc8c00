// How large a store may become, and the sizes that follow from that.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "graph/result.h"

namespace runner {

inline constexpr std::uint64_t kDefaultStoreLimit = 5'000'000'000;

struct StoreLimit {
  std::uint64_t bytes = kDefaultStoreLimit;

  // Packs are written in pieces of this size: collection rewrites one at a time, and has to have room for it.
  std::uint64_t largest_pack() const {
    return std::clamp(bytes / 16, std::uint64_t{1}, std::uint64_t{128} << 20);
  }
  // Smaller packs are merged once there are many.
  std::uint64_t small_pack() const { return largest_pack() / 2; }
  // A pack that holds one large record is never rewritten.
  std::uint64_t largest_record() const { return bytes / 4; }
  // What collection leaves, so that it is not due again at once.
  std::uint64_t after_collection() const { return bytes - bytes / 5; }
  // What packs may take while collection writes the new ones beside the old ones.
  std::uint64_t while_collecting() const { return bytes + bytes / 12; }
};

// "500M", "5G", "2GiB", "100000": bytes, with the units K, M, G, T (powers of 1000) and Ki, Mi, Gi, Ti (of
// 1024).
graph::Result<std::uint64_t> parse_size(std::string_view text);
// "18.2 MB"; exact below a kilobyte.
std::string size_text(std::uint64_t bytes);

}  // namespace runner

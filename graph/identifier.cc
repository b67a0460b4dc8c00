// Python identifiers: NFKC by libutf8proc, 32-bit FNV-1a hashes of words.
#include "graph/identifier.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "graph/import_scanner.h"

namespace graph {
namespace {

constexpr std::uint32_t kFnvBasis = 2166136261U;
constexpr std::uint32_t kFnvPrime = 16777619U;

std::uint32_t fold(std::uint32_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * kFnvPrime;
}

bool can_be_in_name(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
      return point == 0x200C || point == 0x200D;  // joiners became XID_Continue in Unicode 15.1
    case UTF8PROC_CATEGORY_PO:
      return point == 0xB7 || point == 0x387 || point == 0x30FB || point == 0xFF65;
    case UTF8PROC_CATEGORY_SM:
      return point == 0x2118;
    case UTF8PROC_CATEGORY_SO:
      return point == 0x212E;
    default:
      return true;
  }
}

}  // namespace

std::uint32_t word_hash(std::string_view word) {
  std::uint32_t hash = kFnvBasis;
  for (const char byte : word) hash = fold(hash, byte);
  return hash;
}

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  constexpr std::size_t kStride = 64;
  for (; left >= kStride; at += kStride, left -= kStride) {
    std::array<std::uint64_t, kStride / 8> chunk;
    std::memcpy(chunk.data(), at, kStride);
    std::uint64_t all = 0;
    for (const std::uint64_t part : chunk) all |= part;
    if ((all & kHighBits) != 0) return false;
  }
  std::uint64_t all = 0;
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t part = 0;
    std::memcpy(&part, at, sizeof(part));
    all |= part;
  }
  for (; left != 0; ++at, --left) all |= static_cast<unsigned char>(*at);
  return (all & kHighBits) == 0;
}

std::string normalised_name(std::string_view name) {
  if (is_ascii(name)) return std::string(name);
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                 static_cast<utf8proc_ssize_t>(name.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return std::string(name);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

bool is_plausible_name(std::string_view name) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  auto left = static_cast<utf8proc_ssize_t>(name.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(at, left, &point);
    if (used <= 0) return false;
    if (point >= 0x80 && !can_be_in_name(point)) return false;
    at += used;
    left -= used;
  }
  return true;
}

}  // namespace graph

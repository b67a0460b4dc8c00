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

enum ByteClass : std::uint8_t { kOther = 0, kDigit = 1, kLetter = 2, kHigh = 4 };

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    classes[c] = c >= 0x80 ? kHigh : letter ? kLetter : c >= '0' && c <= '9' ? kDigit : kOther;
  }
  return classes;
}

constexpr std::array<std::uint8_t, 256> kByteClasses = make_byte_classes();

std::uint32_t fold(std::uint32_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * kFnvPrime;
}

// Hashes in order of appearance. A small cache of recent ones keeps most repetitions out; the final sort
// removes the others, so hostile words cannot make it slow.
class WordCollector {
 public:
  explicit WordCollector(std::size_t text_size) { hashes_.reserve(text_size / 32 + 16); }

  void add_words(std::string_view text, bool normalise) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
      const std::uint8_t first = byte_class(*at);
      if (first == kOther) {
        ++at;
        continue;
      }
      const char* const begin = at;
      std::uint32_t hash = kFnvBasis;
      std::uint8_t seen = first;
      do {
        seen |= byte_class(*at);
        hash = fold(hash, *at);
        ++at;
      } while (at != end && byte_class(*at) != kOther);
      if (first == kDigit) continue;
      add(hash);
      if (normalise && (seen & kHigh) != 0) {
        add_words(normalised_name({begin, static_cast<std::size_t>(at - begin)}), false);
      }
    }
  }

  std::vector<std::uint32_t> take() {
    std::sort(hashes_.begin(), hashes_.end());
    const auto last = std::unique(hashes_.begin(), hashes_.end());
    return {hashes_.begin(), last};
  }

 private:
  static std::uint8_t byte_class(char byte) { return kByteClasses[static_cast<unsigned char>(byte)]; }

  void add(std::uint32_t hash) {
    std::uint32_t& slot = recent_[(hash ^ (hash >> 16)) % kRecent];
    if (slot == hash && hash != 0) return;
    slot = hash;
    hashes_.push_back(hash);
  }

  static constexpr std::uint32_t kRecent = 1024;
  std::array<std::uint32_t, kRecent> recent_{};
  std::vector<std::uint32_t> hashes_;
};

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
  for (; left >= 32; at += 32, left -= 32) {
    std::array<std::uint64_t, 4> chunk;
    std::memcpy(chunk.data(), at, 32);
    if (((chunk[0] | chunk[1] | chunk[2] | chunk[3]) & kHighBits) != 0) return false;
  }
  return std::all_of(at, at + left, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
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

std::vector<std::uint32_t> collect_words(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  WordCollector words(text.size());
  words.add_words(text, true);
  return words.take();
}

}  // namespace graph

#include "graph/scannable_text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace graph {
namespace {

constexpr std::size_t kLarge = std::size_t{1} << 22;

// Of 64 bytes; `high` gets the bits of those that are not ASCII.
#ifdef __SSE2__
std::uint64_t map_of(const char* bytes, std::uint64_t& high) {
  std::uint64_t names = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + part * std::size_t{16}));
    // Comparisons know signed numbers only: ranges are moved to where these begin.
    const auto in_range = [](__m128i values, char first, int count) {
      const __m128i moved = _mm_add_epi8(values, _mm_set1_epi8(static_cast<char>(-128 - first)));
      return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(-128 + count)));
    };
    const __m128i letters = in_range(_mm_or_si128(c, _mm_set1_epi8(0x20)), 'a', 26);
    const __m128i others = _mm_or_si128(in_range(c, '0', 10), _mm_cmpeq_epi8(c, _mm_set1_epi8('_')));
    const auto above = static_cast<std::uint32_t>(_mm_movemask_epi8(c));
    const auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(letters, others)));
    names |= std::uint64_t{found | above} << (part * 16);
    high |= above;
  }
  return names;
}
#else
std::uint64_t map_of(const char* bytes, std::uint64_t& high) {
  std::uint64_t names = 0;
  for (unsigned i = 0; i < 64; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const auto letter = static_cast<unsigned char>((c | 0x20U) - 'a');
    const auto digit = static_cast<unsigned char>(c - '0');
    const bool above = c >= 0x80;
    names |= std::uint64_t{letter < 26 || digit < 10 || c == '_' || above} << i;
    high |= std::uint64_t{above};
  }
  return names;
}
#endif

}  // namespace

void ScannableText::assign(std::string_view text) {
  size_ = text.size();
  if (bytes_.size() < size_ + kZeros) bytes_.resize((size_ + kZeros) * 2);
  if (size_ != 0) std::memcpy(bytes_.data(), text.data(), size_);
  std::memset(bytes_.data() + size_, 0, kZeros);
  // One number more, for what name_bytes() looks at behind the last.
  const std::size_t count = map_size();
  if (map_.size() < count + 2) map_.resize((count + 2) * 2);
  std::uint64_t high = 0;
  for (std::size_t i = 0; i < count; ++i) map_[i] = map_of(bytes_.data() + i * 64, high);
  map_[count] = 0;
  map_[count + 1] = 0;
  ascii_ = high == 0;
}

std::size_t ScannableText::string_stop(std::size_t at, char quote) const {
#ifdef __SSE2__
  const __m128i quotes = _mm_set1_epi8(quote);
  for (; at < size_; at += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes_.data() + at));
    const __m128i others =
        _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8('\\')), _mm_cmpeq_epi8(c, _mm_set1_epi8('\n')));
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(c, quotes), others));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
  }
  return size_;
#else
  const auto stops = [quote](char c) { return c == quote || c == '\\' || c == '\n'; };
  while (at < size_ && !stops(bytes_[at])) ++at;
  return at;
#endif
}

void ScannableText::release_large() {
  if (bytes_.size() <= kLarge) return;
  *this = ScannableText();
}

}  // namespace graph

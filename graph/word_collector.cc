#include "graph/word_collector.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "graph/identifier.h"
#include "graph/import_scanner.h"

namespace graph {
namespace {

constexpr unsigned kShortBits = 12;
constexpr unsigned kLongBits = 10;
// Hashes that share their first bits are sorted one by one; made on purpose there could be many.
constexpr std::uint32_t kMostAlike = 24;
constexpr std::size_t kFew = 24;
// The map's numbers hold 64 bytes, of which every other one may begin a word.
constexpr std::size_t kMostInNumber = 32;

constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;

// Of the two numbers that 16 bytes make, what belongs to the first `size` bytes.
struct Mask {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
constexpr std::array<Mask, 17> make_masks() {
  std::array<Mask, 17> masks{};
  for (std::size_t size = 0; size <= 16; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      (i < 8 ? masks[size].low : masks[size].high) |= std::uint64_t{0xFF} << (i % 8 * 8);
    }
  }
  return masks;
}
constexpr std::array<Mask, 17> kMasks = make_masks();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

WordCollector::WordCollector()
    : short_words_(std::size_t{1} << kShortBits), long_words_(std::size_t{1} << kLongBits) {}

std::vector<std::uint32_t> WordCollector::collect(const ScannableText& text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (++text_ == 0) {
    *this = WordCollector();
    text_ = 1;
  }
  count_ = 0;
  const char* const bytes = text.text().data();
  const std::size_t skipped = text.text().starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  std::uint64_t before = 0;
  for (std::size_t place = 0; place < text.map_size(); ++place) {
    if (hashes_.size() < count_ + kMostInNumber) hashes_.resize((count_ + kMostInNumber) * 2);
    const std::uint64_t names = text.map(place);
    std::uint64_t starts = names & ~(names << 1 | before);
    before = names >> 63;
    for (; starts != 0; starts &= starts - 1) {
      std::size_t begin = place * 64 + static_cast<std::size_t>(std::countr_zero(starts));
      const std::size_t end = text.name_end(begin);
      if (begin < skipped) begin = skipped;
      if (begin == end || is_digit(bytes[begin])) continue;
      add(bytes + begin, end - begin);
      if (text.ascii()) continue;
      const std::string_view word(bytes + begin, end - begin);
      if (!is_ascii(word)) add_normalised(word);
    }
  }
  sort();
  return {sorted_.begin(), std::unique(sorted_.begin(), sorted_.end())};
}

// There has to be room for one more hash.
inline void WordCollector::add(const char* at, std::size_t size) {
  if (size <= 16) {
    add_short(at, size);
  } else if (size <= 32) {
    add_long(at, size);
  } else {
    hashes_[count_++] = word_hash({at, size});
  }
}

inline void WordCollector::add_short(const char* at, std::size_t size) {
  const std::uint64_t low = ScannableText::eight_bytes(at) & kMasks[size].low;
  const std::uint64_t high = ScannableText::eight_bytes(at + 8) & kMasks[size].high;
  ShortWord& word = short_words_[((low ^ std::rotl(high, 31)) * kMix) >> (64 - kShortBits)];
  if (((word.low ^ low) | (word.high ^ high)) != 0) {
    word = {.low = low, .high = high, .hash = word_hash({at, size}), .text = 0};
  }
  // Whether it is new cannot be foreseen: no branch.
  hashes_[count_] = word.hash;
  count_ += word.text != text_ ? 1 : 0;
  word.text = text_;
}

inline void WordCollector::add_long(const char* at, std::size_t size) {
  const std::uint64_t parts[4] = {ScannableText::eight_bytes(at), ScannableText::eight_bytes(at + 8),
                                  ScannableText::eight_bytes(at + size - 16),
                                  ScannableText::eight_bytes(at + size - 8)};
  const std::uint64_t mixed =
      (parts[0] ^ std::rotl(parts[1], 31)) + (parts[2] ^ std::rotl(parts[3], 17)) * kMix;
  LongWord& word = long_words_[(mixed * kMix) >> (64 - kLongBits)];
  if (word.size != size || !std::equal(parts, parts + 4, word.parts)) {
    std::copy_n(parts, 4, word.parts);
    word.size = static_cast<std::uint32_t>(size);
    word.hash = word_hash({at, size});
    word.text = 0;
  }
  hashes_[count_] = word.hash;
  count_ += word.text != text_ ? 1 : 0;
  word.text = text_;
}

void WordCollector::add_hash(std::uint32_t hash) {
  if (hashes_.size() < count_ + 1 + kMostInNumber) hashes_.resize((count_ + kMostInNumber) * 2);
  hashes_[count_++] = hash;
}

// The words of another form of a word.
void WordCollector::add_normalised(std::string_view word) {
  const std::string form = normalised_name(word);
  const auto in_word = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || is_digit(c) || byte == '_' ||
           byte >= 0x80;
  };
  for (auto at = form.begin(); at != form.end();) {
    at = std::find_if(at, form.end(), in_word);
    const auto begin = at;
    at = std::find_if_not(at, form.end(), in_word);
    if (begin != at && !is_digit(*begin)) add_hash(word_hash({begin, at}));
  }
}

// By their first bits, which are as good as random, and then those with the same ones among themselves.
void WordCollector::sort() {
  const std::span<const std::uint32_t> hashes(hashes_.data(), count_);
  sorted_.assign(hashes.begin(), hashes.end());
  if (count_ <= kFew) return std::sort(sorted_.begin(), sorted_.end());
  const auto bits = static_cast<unsigned>(std::bit_width(count_ - 1));
  const unsigned shift = bits >= 16 ? 16 : 32 - bits;
  places_.assign((std::size_t{1} << (32 - shift)) + 1, 0);
  for (const std::uint32_t hash : hashes) ++places_[(hash >> shift) + 1];
  std::uint32_t most = 0;
  for (std::size_t i = 1; i < places_.size(); ++i) {
    most = std::max(most, places_[i]);
    places_[i] += places_[i - 1];
  }
  for (const std::uint32_t hash : hashes) sorted_[places_[hash >> shift]++] = hash;
  if (most > kMostAlike) return std::sort(sorted_.begin(), sorted_.end());
  for (std::size_t i = 1; i < sorted_.size(); ++i) {
    const std::uint32_t hash = sorted_[i];
    std::size_t place = i;
    for (; place != 0 && sorted_[place - 1] > hash; --place) sorted_[place] = sorted_[place - 1];
    sorted_[place] = hash;
  }
}

}  // namespace graph

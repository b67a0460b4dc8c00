// A text made ready for being scanned: zeros behind it, and a map of the bytes that names are made of.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace graph {

// Holds a copy, in memory that it keeps from one text to the next.
class ScannableText {
 public:
  // So many bytes behind the text may be read; they are zero.
  static constexpr std::size_t kZeros = 64;

  void assign(std::string_view text);
  // Gives memory back that only unusually large texts need.
  void release_large();

  std::string_view text() const { return {bytes_.data(), size_}; }
  bool ascii() const { return ascii_; }

  // Eight bytes as a number whose lowest byte comes first, as on every platform typewave is built for.
  static std::uint64_t eight_bytes(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    return bytes;
  }

  // Of the byte `at` and the 63 behind it, lowest bit first, whether it is a letter, a digit, an underscore
  // or not ASCII. What lies behind the text is not.
  std::uint64_t name_bytes(std::size_t at) const {
    const std::size_t shift = at % 64;
    const std::uint64_t* map = map_.data() + at / 64;
    return (map[0] >> shift) | (map[1] << 1 << (63 - shift));
  }
  // The first byte from `begin` on that cannot be in a name.
  std::size_t name_end(std::size_t begin) const {
    std::uint64_t others = ~name_bytes(begin);
    while (others == 0) others = ~name_bytes(begin += 64);
    return begin + static_cast<std::size_t>(std::countr_zero(others));
  }
  // Where a string on one line may end: the first `quote`, backslash or newline from `at` on, or the end.
  std::size_t string_stop(std::size_t at, char quote) const;
  // How many numbers of 64 bits the map has for the text, and one of them.
  std::size_t map_size() const { return (size_ + 63) / 64; }
  std::uint64_t map(std::size_t place) const { return map_[place]; }

 private:
  std::vector<char> bytes_;
  std::vector<std::uint64_t> map_;
  std::size_t size_ = 0;
  bool ascii_ = true;
};

}  // namespace graph

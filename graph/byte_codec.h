// The primitives of every binary format: fixed-width little-endian integers, variable-length integers and
// strings with their length in front.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "graph/digest.h"

namespace graph {

static_assert(std::endian::native == std::endian::little, "formats are written as they lie in memory");

// Appends to a string.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  // One integer of fixed width, little-endian.
  template <typename T>
  void fixed(T value) {
    static_assert(std::is_integral_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  // LEB128: seven bits a byte, the lowest first.
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>((value & 0x7f) | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }
  // Small numbers of either sign stay small.
  void signed_varint(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    varint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
  }
  void boolean(bool value) { fixed<std::uint8_t>(value ? 1 : 0); }
  void raw(std::string_view bytes) { out_.append(bytes); }
  void string(std::string_view bytes) {
    varint(bytes.size());
    out_.append(bytes);
  }
  void digest(const Digest& value) { out_.append(value.view()); }

 private:
  std::string& out_;
};

// Takes bytes from the front of a buffer it does not own. Reading past the end or a malformed value makes
// `ok()` false for good; every later read then gives zero or nothing, so checking once at the end is enough.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  // Everything was read and nothing was malformed.
  bool finished() const { return ok_ && rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }
  // What was not read yet.
  std::string_view rest() const { return rest_; }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  template <typename T>
  T fixed() {
    static_assert(std::is_integral_v<T>);
    T value{};
    if (rest_.size() < sizeof(value)) {
      fail();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof(value));
    rest_.remove_prefix(sizeof(value));
    return value;
  }
  // Only the shortest form of a number is well-formed.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = fixed<std::uint8_t>();
      if (!ok_) return 0;
      const std::uint64_t bits = byte & 0x7f;
      if ((bits << shift) >> shift != bits || (byte == 0 && shift > 0)) break;
      value |= bits << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  std::int64_t signed_varint() {
    const std::uint64_t bits = varint();
    return static_cast<std::int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
  }
  // A varint that fits a narrower unsigned type.
  template <typename T>
  T narrow() {
    static_assert(std::is_unsigned_v<T>);
    const std::uint64_t value = varint();
    if (value > static_cast<T>(~T{0})) {
      fail();
      return T{0};
    }
    return static_cast<T>(value);
  }
  bool boolean() {
    const auto byte = fixed<std::uint8_t>();
    if (byte > 1) fail();
    return byte == 1;
  }
  // How many items follow, each of at least `item_size` bytes (not zero): never more than the buffer can
  // hold, so that it is safe to reserve.
  std::size_t count(std::size_t item_size) {
    const std::uint64_t value = varint();
    if (value > rest_.size() / item_size) {
      fail();
      return 0;
    }
    return static_cast<std::size_t>(value);
  }
  // A view into the buffer.
  std::string_view raw(std::size_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  std::string_view string() { return raw(count(1)); }
  Digest digest() {
    const std::string_view bytes = raw(sizeof(Digest::bytes));
    return ok_ ? Digest::from_raw(bytes) : Digest{};
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// A list of names, front-coded: each is the number of bytes it shares with the one before (at most 255, which
// bounds what a few hostile bytes can expand to) and the rest. Only the canonical form is read.
void write_names(ByteWriter& out, const std::vector<std::string>& names);

// Writes such a list name by name.
class NameWriter {
 public:
  NameWriter(ByteWriter& out, std::size_t count) : out_(out) { out_.varint(count); }
  // The name must stay where it is until the next one was added.
  void add(std::string_view name);

 private:
  ByteWriter& out_;
  std::string_view previous_;
};

std::vector<std::string> read_names(ByteReader& in);

// Names one behind the other, each ended by a zero byte.
class NameArena {
 public:
  std::size_t size() const { return begins_.size(); }
  std::string_view operator[](std::size_t i) const {
    const std::size_t end = i + 1 < begins_.size() ? begins_[i + 1] : bytes_.size();
    return std::string_view(bytes_).substr(begins_[i], end - begins_[i] - 1);
  }
  const char* c_str(std::size_t i) const { return bytes_.data() + begins_[i]; }

 private:
  friend NameArena read_name_arena(ByteReader& in);
  std::string bytes_;
  std::vector<std::size_t> begins_;
};

// The same list, without a string for each name.
NameArena read_name_arena(ByteReader& in);

}  // namespace graph

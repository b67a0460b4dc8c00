#include "graph/byte_codec.h"

#include <algorithm>

namespace graph {
namespace {

constexpr std::size_t kMaxShared = 255;

std::size_t shared_prefix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min({a.size(), b.size(), kMaxShared});
  std::size_t shared = 0;
  while (shared < limit && a[shared] == b[shared]) ++shared;
  return shared;
}

}  // namespace

void ByteWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    byte(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  byte(static_cast<std::uint8_t>(value));
}

void ByteWriter::signed_varint(std::int64_t value) {
  varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void ByteWriter::fixed64(std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
}

void ByteWriter::string(std::string_view text) {
  varint(text.size());
  raw(text);
}

void ByteWriter::names(const std::vector<std::string>& names) {
  varint(names.size());
  std::string_view previous;
  for (const std::string& name : names) {
    const std::size_t shared = shared_prefix(previous, name);
    byte(static_cast<std::uint8_t>(shared));
    string(std::string_view(name).substr(shared));
    previous = name;
  }
}

std::uint8_t ByteReader::byte() {
  if (rest_.empty()) {
    fail();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    const std::uint64_t bits = next & 0x7FU;
    // The tenth byte has room for one bit; a last byte of zero is not the shortest form.
    if (!ok() || (shift == 63 && next > 1) || (shift > 0 && next == 0)) break;
    value |= bits << shift;
    if (next < 0x80) return value;
  }
  fail();
  return 0;
}

std::int64_t ByteReader::signed_varint() {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

std::uint64_t ByteReader::fixed64() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 8) value |= std::uint64_t{byte()} << shift;
  return value;
}

std::string_view ByteReader::raw(std::size_t size) {
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::string_view ByteReader::string() {
  return raw(varint());
}

std::vector<std::string> ByteReader::names() {
  static constexpr std::size_t kLeastBytes = 2;
  const std::size_t size = count(kLeastBytes);
  std::vector<std::string> names;
  names.reserve(size);
  std::string_view previous;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shared = byte();
    const std::string_view suffix = string();
    if (!ok() || shared > previous.size()) {
      fail();
      return {};
    }
    std::string name(previous.substr(0, shared));
    name += suffix;
    if (shared_prefix(previous, name) != shared) {
      fail();
      return {};
    }
    previous = names.emplace_back(std::move(name));
  }
  return names;
}

std::size_t ByteReader::count(std::size_t element_bytes) {
  const std::uint64_t value = varint();
  if (value > rest_.size() / element_bytes) {
    fail();
    return 0;
  }
  return value;
}

}  // namespace graph

// Content digests: SHA-256 for everything typewave addresses, SHA-1 to compare with mypy's source hash.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace graph {

// A SHA-256 digest (FIPS 180-4).
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;
  // 64 lower-case hexadecimal digits.
  std::string hex() const;
  static std::optional<Digest> from_hex(std::string_view text);
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  // `raw` must hold exactly 32 bytes.
  static Digest from_raw(std::string_view raw);
};

// A SHA-1 digest; only ever compared with what mypy reports of a source file.
using Sha1 = std::array<std::uint8_t, 20>;

Digest sha256(std::string_view bytes);
Sha1 sha1(std::string_view bytes);
std::string to_hex(std::string_view bytes);

// Hashes a sequence of fields so that no two different sequences give the same input: each field is written
// as tag length, value length, tag, value. Fields are gathered and hashed at once: many small updates of a
// hash cost more than the hash.
class DigestBuilder {
 public:
  void field(std::string_view tag, std::string_view value);
  void field(std::string_view tag, std::uint64_t value);
  void field(std::string_view tag, const Digest& value) { field(tag, value.view()); }
  // The digest of all fields so far; the builder is empty afterwards.
  Digest finish();

 private:
  std::string buffer_;
};

// The same of a single field with a long value that is put together here.
class FieldDigest {
 public:
  FieldDigest(std::string_view tag, std::size_t expected_size);
  void add(std::string_view piece) { buffer_ += piece; }
  // Drops those of these bytes that the value ends in.
  void drop_trailing(std::string_view bytes);
  // Once.
  Digest finish();

 private:
  std::size_t begin_;  // of the value
  std::string buffer_;
};

}  // namespace graph

template <>
struct std::hash<graph::Digest> {
  std::size_t operator()(const graph::Digest& digest) const noexcept {
    std::size_t value;
    static_assert(sizeof(value) <= sizeof(digest.bytes));
    std::memcpy(&value, digest.bytes.data(), sizeof(value));
    return value;
  }
};

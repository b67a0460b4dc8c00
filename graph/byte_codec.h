// Primitives of our binary formats: variable-length integers, strings and lists of names, read with bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graph {

// Grammar of what both classes know (bytes are written least significant first):
//   varint   = 1..10 bytes of 7 bits each, all but the last with the top bit set; the shortest form only
//   signed   = varint of (n << 1) ^ (n >> 63)
//   string   = varint size, size bytes
//   names    = varint count, count * (byte shared, string suffix)
//              a name is the first `shared` bytes of the name before it and the suffix; `shared` is as large
//              as possible up to 255, which bounds what a few hostile bytes can expand to

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value);
  void signed_varint(std::int64_t value);
  void fixed64(std::uint64_t value);
  void raw(std::string_view bytes) { bytes_.append(bytes); }
  void string(std::string_view text);
  void names(const std::vector<std::string>& names);

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what ByteWriter wrote. After the first thing that is not there or not well formed every read gives
// zero or nothing and `ok()` stays false, so a caller may check once a record. Only canonical forms are read:
// what was read, written again, gives the same bytes.
class ByteReader {
 public:
  // `bytes` must outlive the reader and the views it gives.
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte();
  std::uint64_t varint();
  std::int64_t signed_varint();
  std::uint64_t fixed64();
  std::string_view raw(std::size_t size);
  std::string_view string();
  std::vector<std::string> names();
  // The number of elements that follow. Fails when the rest cannot hold so many elements of `element_bytes`
  // (at least 1) each, so that a count never makes a caller reserve more than the input is worth.
  std::size_t count(std::size_t element_bytes);

  // For what only the caller can see to be wrong.
  void fail() {
    failed_ = true;
    rest_ = {};
  }
  bool ok() const { return !failed_; }
  // Everything was read, and well formed.
  bool done() const { return ok() && rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace graph

#include "graph/byte_codec.h"

#include <doctest/doctest.h>

#include <limits>

namespace {

using graph::ByteReader;
using graph::ByteWriter;

TEST_CASE("every primitive is read back as it was written") {
  std::string bytes;
  ByteWriter writer(bytes);
  const std::uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, std::numeric_limits<std::uint64_t>::max()};
  const std::int64_t signed_numbers[] = {0, -1, 1, std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max()};
  for (const std::uint64_t number : numbers) writer.varint(number);
  for (const std::int64_t number : signed_numbers) writer.signed_varint(number);
  writer.fixed<std::uint32_t>(0x01020304);
  writer.boolean(true);
  writer.string("text");
  writer.digest(graph::sha256("x"));

  ByteReader reader(bytes);
  for (const std::uint64_t number : numbers) CHECK(reader.varint() == number);
  for (const std::int64_t number : signed_numbers) CHECK(reader.signed_varint() == number);
  CHECK(reader.fixed<std::uint32_t>() == 0x01020304);
  CHECK(reader.boolean());
  CHECK(reader.string() == "text");
  CHECK(reader.digest() == graph::sha256("x"));
  CHECK(reader.finished());
}

TEST_CASE("fixed integers are little-endian") {
  std::string bytes;
  ByteWriter(bytes).fixed<std::uint32_t>(0x01020304);
  CHECK(bytes == std::string("\x04\x03\x02\x01", 4));
}

TEST_CASE("malformed numbers are refused") {
  const auto refused = [](std::string_view bytes) {
    ByteReader reader(bytes);
    reader.varint();
    return !reader.ok();
  };
  CHECK(refused(""));
  CHECK(refused("\x80"));
  CHECK(refused(std::string_view("\x80\x00", 2)));             // not the shortest form
  CHECK(refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));  // more than 64 bits
  CHECK(refused("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  ByteReader narrow("\x80\x02");
  CHECK(narrow.narrow<std::uint8_t>() == 0);
  CHECK_FALSE(narrow.ok());
  ByteReader boolean("\x02");
  boolean.boolean();
  CHECK_FALSE(boolean.ok());
}

TEST_CASE("a length beyond the end is refused before anything is allocated") {
  std::string bytes;
  ByteWriter(bytes).varint(std::uint64_t{1} << 60);
  ByteReader text(bytes);
  CHECK(text.string().empty());
  CHECK_FALSE(text.ok());
  bytes += "1234";
  ByteReader items(bytes);
  CHECK(items.count(4) == 0);
  CHECK_FALSE(items.ok());
}

TEST_CASE("after a failure nothing more is read") {
  ByteReader reader("ab");
  reader.fixed<std::uint32_t>();
  CHECK_FALSE(reader.ok());
  CHECK(reader.fixed<std::uint8_t>() == 0);
  CHECK(reader.remaining() == 0);
  CHECK_FALSE(reader.finished());
}

}  // namespace

TEST_CASE("names are front-coded and only their canonical form is read") {
  const std::vector<std::string> names = {"a.b", "a.b.c", "a.bd", "", "x"};
  std::string bytes;
  graph::ByteWriter writer(bytes);
  graph::write_names(writer, names);
  graph::ByteReader reader(bytes);
  CHECK(graph::read_names(reader) == names);
  CHECK(reader.finished());

  // "ab" after "ab" that claims to share nothing.
  std::string other;
  graph::ByteWriter by_hand(other);
  by_hand.varint(2);
  for (int i = 0; i < 2; ++i) {
    by_hand.fixed<std::uint8_t>(0);
    by_hand.string("ab");
  }
  graph::ByteReader strict(other);
  graph::read_names(strict);
  CHECK_FALSE(strict.ok());
}

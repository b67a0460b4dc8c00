// Tests of the primitives of our binary formats.
#include "graph/byte_codec.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using graph::ByteReader;
using graph::ByteWriter;

TEST_CASE("numbers come back") {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                    std::uint64_t{300}, std::numeric_limits<std::uint64_t>::max()}) {
    ByteWriter out;
    out.varint(value);
    out.fixed64(value);
    const std::string bytes = out.take();
    ByteReader in(bytes);
    CHECK(in.varint() == value);
    CHECK(in.fixed64() == value);
    CHECK(in.done());
  }
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{64}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    ByteWriter out;
    out.signed_varint(value);
    const std::string bytes = out.take();
    ByteReader in(bytes);
    CHECK(in.signed_varint() == value);
    CHECK(in.done());
  }
}

TEST_CASE("small numbers take one byte, negative ones too") {
  ByteWriter out;
  out.varint(127);
  out.signed_varint(-64);
  CHECK(out.size() == 2);
}

TEST_CASE("a number in a longer form than needed is refused") {
  ByteReader in("\x80\x00");
  in.varint();
  CHECK_FALSE(in.ok());
  const std::string zero("\x80\x00", 2);
  ByteReader two_bytes(zero);
  two_bytes.varint();
  CHECK_FALSE(two_bytes.ok());
}

TEST_CASE("a number of more than 64 bits is refused") {
  ByteReader too_large("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
  too_large.varint();
  CHECK_FALSE(too_large.ok());
  ByteReader too_long("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
  too_long.varint();
  CHECK_FALSE(too_long.ok());
}

TEST_CASE("after a failure every read gives nothing") {
  ByteReader in(
      "\x05"
      "ab");
  CHECK(in.string().empty());
  CHECK_FALSE(in.ok());
  CHECK(in.byte() == 0);
  CHECK(in.remaining() == 0);
  CHECK_FALSE(in.done());
}

TEST_CASE("a reader is done only when all bytes were read") {
  ByteReader in("ab");
  in.byte();
  CHECK(in.ok());
  CHECK_FALSE(in.done());
}

TEST_CASE("names share the front of the name before") {
  const std::vector<std::string> names = {"homeassistant.components.mqtt",
                                          "homeassistant.components.mqtt.sensor",
                                          "homeassistant.core",
                                          "",
                                          "",
                                          std::string(1000, 'x'),
                                          std::string(1000, 'x') + "y"};
  ByteWriter out;
  out.names(names);
  CHECK(out.size() < 1900);
  const std::string bytes = out.take();
  ByteReader in(bytes);
  CHECK(in.names() == names);
  CHECK(in.done());
}

TEST_CASE("a name that shares less or more than it can is refused") {
  const std::string less(
      "\x02\x00\x02"
      "ab\x00\x02"
      "ac",
      9);
  const std::string more(
      "\x02\x00\x02"
      "ab\x03\x01"
      "c",
      8);
  const std::string exact(
      "\x02\x00\x02"
      "ab\x01\x01"
      "c",
      8);
  for (const std::string& bytes : {less, more}) {
    ByteReader in(bytes);
    CHECK(in.names().empty());
    CHECK_FALSE(in.ok());
  }
  ByteReader in(exact);
  CHECK(in.names() == std::vector<std::string>{"ab", "ac"});
}

TEST_CASE("a count is refused when the rest cannot hold so many elements") {
  const std::string bytes(
      "\x03"
      "abcdef",
      7);
  ByteReader fits(bytes);
  CHECK(fits.count(2) == 3);
  ByteReader too_many(bytes);
  CHECK(too_many.count(3) == 0);
  CHECK_FALSE(too_many.ok());
}

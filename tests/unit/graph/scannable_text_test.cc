// What the map of a text says of its bytes.
#include "graph/scannable_text.h"

#include <doctest/doctest.h>

#include <string>

namespace graph {
namespace {

bool in_name(unsigned byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '_' || byte >= 0x80;
}

TEST_CASE("every byte at every place of a word of the map") {
  ScannableText text;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const std::string bytes(70, static_cast<char>(byte));
    text.assign(bytes);
    CHECK(text.text() == bytes);
    CHECK(text.ascii() == (byte < 0x80));
    for (std::size_t at = 0; at < 70; ++at) {
      CHECK((text.name_bytes(at) & 1U) == (in_name(byte) ? 1U : 0U));
      CHECK(text.name_end(at) == (in_name(byte) ? 70 : at));
    }
  }
}

TEST_CASE("a text after a longer one") {
  ScannableText text;
  text.assign(std::string(1000, 'a'));
  CHECK(text.name_end(3) == 1000);
  text.assign("abc");
  CHECK(text.name_end(0) == 3);
  CHECK(text.name_end(3) == 3);
  CHECK(text.text().data()[3] == '\0');
  text.assign("");
  CHECK(text.text().empty());
  CHECK(text.name_end(0) == 0);
  CHECK(text.ascii());
}

TEST_CASE("where a string may end") {
  ScannableText text;
  for (std::size_t size = 0; size < 80; ++size) {
    for (const char stop : {'"', '\\', '\n'}) {
      text.assign(std::string(size, 'x') + stop + "\"");
      CHECK(text.string_stop(0, '"') == size);
      CHECK(text.string_stop(size, '"') == size);
    }
    text.assign(std::string(size, '\''));
    CHECK(text.string_stop(0, '"') == size);
  }
}

}  // namespace
}  // namespace graph

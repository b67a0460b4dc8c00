// The primitives of all binary formats: the first bytes say what is read from the rest.
#include <string>
#include <vector>

#include "graph/byte_codec.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

constexpr std::size_t kReads = 32;

void read_one(graph::ByteReader& reader, unsigned what) {
  const std::size_t before = reader.remaining();
  switch (what % 9) {
    case 0:
      reader.fixed<std::uint8_t>();
      break;
    case 1:
      reader.fixed<std::uint64_t>();
      break;
    case 2:
      reader.varint();
      break;
    case 3:
      reader.signed_varint();
      break;
    case 4:
      reader.narrow<std::uint16_t>();
      break;
    case 5:
      reader.boolean();
      break;
    case 6:
      fuzz::require(reader.count(4) <= before / 4, "a count is bounded by what is left");
      break;
    case 7:
      fuzz::require(reader.string().size() <= before, "a string lies in the buffer");
      break;
    default:
      reader.digest();
  }
  fuzz::require(reader.remaining() <= before, "reading never goes back");
}

void read_names(std::string_view bytes) {
  graph::ByteReader reader(bytes);
  const std::vector<std::string> names = graph::read_names(reader);
  if (!reader.finished()) return;
  std::string again;
  graph::ByteWriter writer(again);
  graph::write_names(writer, names);
  fuzz::require(again == bytes, "only the canonical form of a list of names is read");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all = fuzz::text_of(data, size);
  read_names(all);
  if (size < kReads) return 0;
  graph::ByteReader reader(all.substr(kReads));
  for (std::size_t i = 0; i < kReads && reader.ok(); ++i) read_one(reader, data[i]);
  return 0;
}

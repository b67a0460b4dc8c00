// The inputs of a key as values: taken from the traversal that makes keys, kept in few bytes, compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/byte_codec.h"
#include "runner/string_table.h"
#include "scheduler/key_sink.h"

namespace runner {

struct KeyInput {
  std::string subject;  // the module it belongs to, or empty
  std::string name;
  std::string value;  // a text, or of a digest the first 16 hexadecimal digits

  bool operator==(const KeyInput&) const = default;
};
using KeyInputs = std::vector<KeyInput>;

// Writes what it sees: an input in a few bytes, with strings by number. Parts of one name become one digest,
// except that of the run, which is left out: it is the same for all components.
class RecordingSink final : public scheduler::KeySink {
 public:
  explicit RecordingSink(StringTable& strings) : strings_(strings), out_(bytes_) {}
  void input(std::string_view subject, std::string_view name, std::string_view value) override;
  void content(std::string_view subject, std::string_view name, const graph::Digest& value) override;
  void part(std::string_view name, const graph::Digest& digest, const scheduler::KeyPart& part) override;
  // All that was seen.
  std::string finish();

 private:
  void head(std::string_view subject, std::string_view name, bool is_digest);

  struct Part {
    std::string_view name;
    graph::DigestBuilder digests;
  };

  StringTable& strings_;
  std::string bytes_;
  graph::ByteWriter out_;
  std::string subject_;
  std::vector<Part> parts_;
};

// Nothing when the bytes are not what a sink gave.
std::optional<KeyInputs> decode_inputs(std::string_view bytes, const StringTable& strings);
// The same inputs with the numbers of another table.
std::optional<std::string> renumber_inputs(std::string_view bytes, const StringTable& from, StringTable& to);

// What became another in a key. Of a list only one side is there when an item came or went.
struct KeyChange {
  std::string subject;
  std::string name;  // of the input; "import priority" etc. when an item stayed but something of it changed
  std::string item;  // the item this is about, if the input is one of a list
  std::optional<std::string> from;
  std::optional<std::string> to;

  bool operator==(const KeyChange&) const = default;
};

// Empty only if `before` and `now` are equal.
std::vector<KeyChange> compare_inputs(const KeyInputs& before, const KeyInputs& now);

}  // namespace runner

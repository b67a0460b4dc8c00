// What is remembered of the last run of a checkout so that the next can be explained: of every component the
// inputs of its key, those of the key before, and why it was checked last. Only `explain` and --dry-run read
// it.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/byte_codec.h"
#include "graph/digest.h"
#include "runner/key_inputs.h"
#include "runner/string_table.h"
#include "scheduler/run_state.h"

namespace runner {

// The start of a digest, which tells it from others that a component had.
inline std::uint64_t mark_of(const graph::Digest& digest) {
  std::uint64_t mark;
  std::memcpy(&mark, digest.bytes.data(), sizeof(mark));
  return mark;
}

// Why a component was checked.
struct CheckReason {
  scheduler::Decision::Reason reason = scheduler::Decision::Reason::kNeverChecked;
  std::uint32_t detail = 0;     // a name that belongs to the reason
  std::uint32_t from_mark = 0;  // the starts of the digests of an interface that changed
  std::uint32_t to_mark = 0;
};

// That of a decision; its name goes into `strings`.
CheckReason reason_of(const scheduler::Decision& decision, StringTable& strings);
void write_reason(graph::ByteWriter& out, const CheckReason& reason);
// Fails `in` when that is none, or its name is not one of `strings`.
CheckReason read_reason(graph::ByteReader& in, const StringTable& strings);

// What happened to a component, as of the last run that had it; the reason is that of its last check.
struct ComponentPast : CheckReason {
  std::uint64_t key_mark = 0;        // mark_of() its static key
  std::vector<std::uint32_t> names;  // of its modules
  std::uint64_t keyed_in = 0;        // the run in which its key became this one
  std::uint64_t seen_in = 0;         // the last run that checked or reused it
  std::uint64_t checked_in = 0;      // the last run that checked it; 0: none of those remembered
  std::uint64_t checks = 0;          // how often it was checked here
  std::int64_t checked_at = 0;       // seconds since 1970
  double seconds = 0;                // of CPU, of its last check
  std::string_view inputs;           // as a RecordingSink wrote them
  std::string_view before;           // those of the key before this one; empty: none

  // It was checked once more: in this run, at this moment.
  void note_check(std::uint64_t run, std::int64_t moment, const CheckReason& why);
};

// Names that came into a run or left it.
struct NameChanges {
  std::vector<std::string> appeared;
  std::vector<std::string> vanished;
  std::uint64_t run = 0;  // which run that was
};

class RunHistory {
 public:
  RunHistory() = default;
  // Nothing when the bytes are not a history.
  static std::optional<RunHistory> decode(std::string bytes);
  std::string encode() const;

  // The component of a module.
  const ComponentPast* find(std::string_view module) const;
  std::string name(std::uint32_t id) const { return std::string(strings[id]); }
  // Empty when they cannot be read.
  KeyInputs inputs(std::string_view recorded) const;

  std::uint64_t run = 0;               // number of the last run, from 1
  std::int64_t moment = 0;             // of the last run, seconds since 1970
  std::vector<std::string> arguments;  // mypy's
  graph::Digest keys;                  // of all static keys
  graph::Digest seal;                  // of the bytes that were decoded
  StringTable strings;
  // When a later run was answered as a whole, without going through components; 0: none was.
  std::int64_t repeated_at = 0;
  std::string_view run_inputs;  // as a RecordingSink wrote them
  std::string_view run_before;  // those before the last change
  std::uint64_t run_changed_in = 0;
  NameChanges modules;
  // Digest of module options, in hexadecimal as in inputs -> the sections it stands for.
  std::map<std::string, std::string> option_texts;
  std::vector<ComponentPast> components;

  // For what is not a view into the bytes decoded.
  std::string_view hold(std::string text);

 private:
  bool decode_body();
  bool decode_component(graph::ByteReader& in);

  std::vector<std::shared_ptr<const std::string>> held_;
  mutable std::unordered_map<std::string_view, std::size_t> by_module_;
};

// The bytes of a history: first this, of all but its components, then each of these, then a seal().
void write_history(std::string& bytes, const RunHistory& history, std::size_t components);
// Gives where the seconds lie in `bytes`, as the bits of a double.
std::size_t write_component(std::string& bytes, const ComponentPast& past);

}  // namespace runner

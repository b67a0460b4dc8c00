#include "runner/run_history.h"

#include <bit>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/seal.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr std::string_view kMagic = "TWH\x02";

void write_strings(ByteWriter& out, const std::vector<std::string>& texts) {
  out.varint(texts.size());
  for (const std::string& text : texts) out.string(text);
}

std::vector<std::string> read_strings(ByteReader& in) {
  std::vector<std::string> texts(in.count(1));
  for (std::string& text : texts) text = in.string();
  return texts;
}

}  // namespace

CheckReason reason_of(const scheduler::Decision& decision, StringTable& strings) {
  return {decision.reason, strings.intern(decision.detail), decision.from_mark, decision.to_mark};
}

void write_reason(ByteWriter& out, const CheckReason& reason) {
  out.fixed(static_cast<std::uint8_t>(reason.reason));
  out.varint(reason.detail);
  out.fixed(reason.from_mark);
  out.fixed(reason.to_mark);
}

CheckReason read_reason(ByteReader& in, const StringTable& strings) {
  const auto reason = in.fixed<std::uint8_t>();
  CheckReason read;
  read.detail = in.narrow<std::uint32_t>();
  read.from_mark = in.fixed<std::uint32_t>();
  read.to_mark = in.fixed<std::uint32_t>();
  if (reason > static_cast<std::uint8_t>(scheduler::Decision::Reason::kWaiting)) in.fail();
  if (read.detail >= strings.size()) in.fail();
  if (in.ok()) read.reason = static_cast<scheduler::Decision::Reason>(reason);
  return read;
}

void ComponentPast::note_check(std::uint64_t run, std::int64_t moment, const CheckReason& why) {
  checked_in = run;
  checked_at = moment;
  ++checks;
  static_cast<CheckReason&>(*this) = why;
}

std::size_t write_component(std::string& bytes, const ComponentPast& past) {
  ByteWriter out(bytes);
  out.fixed(past.key_mark);
  out.varint(past.names.size());
  for (const std::uint32_t name : past.names) out.varint(name);
  out.varint(past.keyed_in);
  out.varint(past.seen_in);
  out.varint(past.checked_in);
  out.varint(past.checks);
  out.fixed(past.checked_at);
  const std::size_t seconds_at = bytes.size();
  out.fixed(std::bit_cast<std::uint64_t>(past.seconds));
  write_reason(out, past);
  out.string(past.inputs);
  out.string(past.before);
  return seconds_at;
}

std::string_view RunHistory::hold(std::string text) {
  return *held_.emplace_back(std::make_shared<const std::string>(std::move(text)));
}

void write_history(std::string& bytes, const RunHistory& history, std::size_t components) {
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.varint(history.run);
  out.fixed(history.moment);
  write_strings(out, history.arguments);
  out.digest(history.keys);
  out.varint(history.strings.size());
  for (std::uint32_t id = 0; id < history.strings.size(); ++id) out.string(history.strings[id]);
  out.string(history.run_inputs);
  out.string(history.run_before);
  out.varint(history.run_changed_in);
  write_strings(out, history.modules.appeared);
  write_strings(out, history.modules.vanished);
  out.varint(history.modules.run);
  out.varint(history.option_texts.size());
  for (const auto& [digest, text] : history.option_texts) {
    out.string(digest);
    out.string(text);
  }
  out.varint(components);
}

std::string RunHistory::encode() const {
  std::string bytes;
  write_history(bytes, *this, components.size());
  for (const ComponentPast& past : components) write_component(bytes, past);
  runner::seal(bytes);
  return bytes;
}

bool RunHistory::decode_component(ByteReader& in) {
  ComponentPast past;
  past.key_mark = in.fixed<std::uint64_t>();
  past.names.resize(in.count(1));
  for (std::uint32_t& name : past.names) name = in.narrow<std::uint32_t>();
  past.keyed_in = in.varint();
  past.seen_in = in.varint();
  past.checked_in = in.varint();
  past.checks = in.varint();
  past.checked_at = in.fixed<std::int64_t>();
  past.seconds = std::bit_cast<double>(in.fixed<std::uint64_t>());
  static_cast<CheckReason&>(past) = read_reason(in, strings);
  past.inputs = in.string();
  past.before = in.string();
  if (!in.ok() || past.names.empty()) return false;
  for (const std::uint32_t name : past.names) {
    if (name >= strings.size()) return false;
  }
  components.push_back(std::move(past));
  return true;
}

bool RunHistory::decode_body() {
  ByteReader in(*held_.back());
  if (in.raw(kMagic.size()) != kMagic) return false;
  run = in.varint();
  moment = in.fixed<std::int64_t>();
  arguments = read_strings(in);
  keys = in.digest();
  std::vector<std::string_view> texts(in.count(1));
  for (std::string_view& text : texts) text = in.string();
  strings = StringTable(std::move(texts));
  run_inputs = in.string();
  run_before = in.string();
  run_changed_in = in.varint();
  modules.appeared = read_strings(in);
  modules.vanished = read_strings(in);
  modules.run = in.varint();
  for (std::size_t left = in.count(2); left > 0; --left) {
    std::string digest(in.string());
    option_texts.emplace(std::move(digest), in.string());
  }
  const std::size_t count = in.count(1);
  components.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!decode_component(in)) return false;
  }
  return in.finished();
}

std::optional<RunHistory> RunHistory::decode(std::string bytes) {
  const std::optional<std::string_view> body = unsealed(bytes);
  if (!body) return std::nullopt;
  const std::size_t size = body->size();
  RunHistory history;
  history.seal = graph::Digest::from_raw(std::string_view(bytes).substr(size));
  bytes.resize(size);
  history.hold(std::move(bytes));
  if (!history.decode_body()) return std::nullopt;
  return history;
}

const ComponentPast* RunHistory::find(std::string_view module) const {
  if (by_module_.empty()) {
    by_module_.reserve(components.size());
    for (std::size_t i = 0; i < components.size(); ++i) {
      for (const std::uint32_t name : components[i].names) by_module_.emplace(strings[name], i);
    }
  }
  const auto it = by_module_.find(module);
  return it == by_module_.end() ? nullptr : &components[it->second];
}

KeyInputs RunHistory::inputs(std::string_view recorded) const {
  return decode_inputs(recorded, strings).value_or(KeyInputs());
}

}  // namespace runner

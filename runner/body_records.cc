#include "runner/body_records.h"

#include <utility>

#include "graph/byte_codec.h"
#include "scheduler/key_sink.h"

namespace runner {
namespace {

constexpr std::string_view kMagic = "TWB\x01";

// Everything in a static key but what is in the sources.
class KeyWithoutSources final : public scheduler::KeySink {
 public:
  void input(std::string_view subject, std::string_view name, std::string_view value) override {
    sink_.input(subject, name, value);
  }
  void content(std::string_view subject, std::string_view name, const graph::Digest& value) override {
    if (name != scheduler::kSourceInput) sink_.content(subject, name, value);
  }
  void part(std::string_view name, const graph::Digest& digest, const scheduler::KeyPart& part) override {
    sink_.part(name, digest, part);
  }
  graph::Digest finish() { return sink_.finish(); }

 private:
  scheduler::DigestSink sink_;
};

}  // namespace

std::string encode_body_record(const BodyRecord& record) {
  std::string bytes;
  graph::ByteWriter out(bytes);
  out.raw(kMagic);
  graph::write_names(out, record.used);
  out.digest(record.interfaces);
  out.string(record.bodies);
  return bytes;
}

std::optional<BodyRecord> decode_body_record(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  graph::ByteReader in(bytes.substr(kMagic.size()));
  BodyRecord record;
  record.used = graph::read_names(in);
  record.interfaces = in.digest();
  record.bodies = in.string();
  if (!in.finished()) return std::nullopt;
  return record;
}

std::string BodyRecords::find(graph::ComponentId id, const scheduler::WorkSource& interfaces) const {
  if (condensation_[id].modules.size() < 2) return {};
  const std::optional<std::string> bytes = store_.get(RecordKind::kBodies, key(id));
  std::optional<BodyRecord> record = bytes ? decode_body_record(*bytes) : std::nullopt;
  if (!record || digest_of(record->used, id, interfaces) != record->interfaces) return {};
  return std::move(record->bodies);
}

void BodyRecords::keep(graph::ComponentId id, const std::vector<std::string>& used, std::string_view bodies,
                       const scheduler::WorkSource& interfaces) const {
  const auto digest = digest_of(used, id, interfaces);
  if (bodies.empty() || !digest) return;
  store_.put(RecordKind::kBodies, key(id), encode_body_record({used, *digest, std::string(bodies)}));
}

graph::Digest BodyRecords::key(graph::ComponentId id) const {
  scheduler::NamedModules::Memo memo;
  KeyWithoutSources sink;
  keys_.describe(id, memo, sink);
  return sink.finish();
}

// Nothing if one of them cannot be looked at any more.
std::optional<graph::Digest> BodyRecords::digest_of(const std::vector<std::string>& used,
                                                    graph::ComponentId id,
                                                    const scheduler::WorkSource& interfaces) const {
  graph::DigestBuilder builder;
  for (const std::string& name : used) {
    const auto module = graph_.find(name);
    if (!module) return std::nullopt;
    const graph::ComponentId home = condensation_.of(*module);
    if (home == id || !closure_[id].contains(home)) return std::nullopt;
    builder.field("module", name);
    builder.field("interface", interfaces.interface_of(*module));
  }
  return builder.finish();
}

}  // namespace runner

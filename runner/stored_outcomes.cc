#include "runner/stored_outcomes.h"

#include <algorithm>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/diagnostic_codec.h"

namespace runner {
namespace {

constexpr std::chrono::seconds kFlushInterval{15};
// While others wait for what this process checks.
constexpr std::chrono::milliseconds kSharingInterval{100};
// More than the results of the largest cycles; decoded, they take a multiple.
constexpr std::size_t kLargestEntry = std::size_t{16} << 20;

}  // namespace

std::string encode_entry(const scheduler::ManifestEntry& entry) {
  std::string bytes;
  graph::ByteWriter writer(bytes);
  writer.digest(entry.used_digest);
  writer.varint(entry.used_marks.size());
  for (const std::uint32_t mark : entry.used_marks) writer.fixed(mark);
  bytes += encode_outcome(entry.outcome);
  return bytes;
}

graph::Result<scheduler::ManifestEntry> decode_entry(std::string_view bytes) {
  if (bytes.size() > kLargestEntry) return graph::Error{"a manifest entry is too large"};
  graph::ByteReader reader(bytes);
  scheduler::ManifestEntry entry;
  entry.used_digest = reader.digest();
  const std::size_t marks = reader.count(sizeof(std::uint32_t));
  entry.used_marks.reserve(marks);
  for (std::size_t i = 0; i < marks; ++i) entry.used_marks.push_back(reader.fixed<std::uint32_t>());
  if (!reader.ok()) return graph::Error{"a manifest entry is cut short"};
  auto outcome = decode_outcome(reader.raw(reader.remaining()));
  if (!outcome) return outcome.error();
  entry.outcome = std::move(*outcome);
  if (entry.outcome.used.size() != marks) return graph::Error{"a manifest entry has marks of other modules"};
  return entry;
}

std::optional<std::vector<graph::Digest>> interfaces_of_entry(std::string_view bytes) {
  const auto entry = decode_entry(bytes);
  if (!entry) return std::nullopt;
  std::vector<graph::Digest> interfaces;
  for (const scheduler::ModuleOutcome& module : entry->outcome.modules) {
    interfaces.push_back(module.interface);
  }
  return interfaces;
}

std::vector<scheduler::ManifestEntry> StoredOutcomes::entries(const graph::Digest& static_key) {
  std::vector<scheduler::ManifestEntry> result;
  for (const std::string& record : store_.get_all(RecordKind::kManifest, static_key)) {
    auto entry = decode_entry(record);
    if (entry && (!verify_ || interfaces_readable(*entry))) result.push_back(std::move(*entry));
  }
  return result;
}

bool StoredOutcomes::interfaces_readable(const scheduler::ManifestEntry& entry) {
  return std::all_of(entry.outcome.modules.begin(), entry.outcome.modules.end(),
                     [this](const scheduler::ModuleOutcome& module) {
                       return store_.get(RecordKind::kInterface, module.interface).has_value();
                     });
}

void StoredOutcomes::keep(const graph::Digest& static_key, const scheduler::ManifestEntry& entry) {
  const std::string record = encode_entry(entry);
  // First, so that no pack has the entry without it.
  store_.put(RecordKind::kTouched, graph::sha256(record), encode_touched(entry.outcome.touched));
  store_.put(RecordKind::kManifest, static_key, record);
  flush_after(kFlushInterval);
}

bool StoredOutcomes::claim(const graph::Digest& static_key) {
  if (!store_.claim(static_key)) return false;
  store_.refresh();
  return true;
}

void StoredOutcomes::share() {
  if (store_.others_wait()) flush_after(kSharingInterval);
}

void StoredOutcomes::flush_after(std::chrono::steady_clock::duration interval) {
  const std::unique_lock lock(flush_mutex_, std::try_to_lock);
  if (!lock) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_flush_ < interval) return;
  last_flush_ = now;
  publish(store_, settings_);
}

}  // namespace runner

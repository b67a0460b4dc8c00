#include "runner/stat_cache_file.h"

#include <algorithm>
#include <cstring>

#include "graph/byte_codec.h"
#include "graph/digest.h"
#include "runner/scan_codec.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr std::string_view kMagic = "TWSCANS\n";
constexpr std::uint32_t kVersion = 3;

// An entry as it lies on the disk.
struct EntryLayout {
  std::uint64_t size;
  std::int64_t mtime_ns;
  std::int64_t ctime_ns;
  std::uint64_t inode;
  std::uint64_t device;
  std::uint64_t body_offset;
  std::uint32_t mode;
  std::uint32_t target;
  std::uint32_t path;
  std::uint32_t unseen;
  std::uint32_t body_size;
  std::array<std::uint8_t, 16> digest;
  std::uint32_t reserved;
};
static_assert(sizeof(EntryLayout) == 88 && std::is_trivially_copyable_v<EntryLayout>);

void encode_names(ByteWriter& writer, const std::vector<std::string>& names) {
  writer.varint(names.size());
  for (const std::string& name : names) writer.string(name);
}

std::vector<std::string> decode_names(ByteReader& reader) {
  std::vector<std::string> names(reader.count(1));
  for (std::string& name : names) name = reader.string();
  return names;
}

std::vector<graph::ScanTarget> decode_targets(ByteReader& reader) {
  std::vector<graph::ScanTarget> targets(reader.count(5));
  for (graph::ScanTarget& target : targets) {
    target.python_major = static_cast<int>(reader.narrow<std::uint16_t>());
    target.python_minor = static_cast<int>(reader.narrow<std::uint16_t>());
    target.platform = reader.string();
    target.always_true = decode_names(reader);
    target.always_false = decode_names(reader);
  }
  return targets;
}

void encode_targets(ByteWriter& writer, const std::vector<graph::ScanTarget>& targets) {
  writer.varint(targets.size());
  for (const graph::ScanTarget& target : targets) {
    writer.varint(static_cast<std::uint16_t>(target.python_major));
    writer.varint(static_cast<std::uint16_t>(target.python_minor));
    writer.string(target.platform);
    encode_names(writer, target.always_true);
    encode_names(writer, target.always_false);
  }
}

bool decode_entries(std::string_view layouts, std::string_view bodies, StatCacheContents& contents) {
  const std::size_t count = layouts.size() / sizeof(EntryLayout);
  contents.entries.reserve(count);
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    EntryLayout layout;
    std::memcpy(&layout, layouts.data() + i * sizeof(layout), sizeof(layout));
    if (layout.body_offset > bodies.size() || layout.body_size > bodies.size() - layout.body_offset)
      return false;
    end = std::max(end, layout.body_offset + layout.body_size);
    if (layout.target >= contents.targets.size() || layout.path >= contents.strings.size()) return false;
    contents.entries.push_back({.stat = {.size = layout.size,
                                         .mtime_ns = layout.mtime_ns,
                                         .ctime_ns = layout.ctime_ns,
                                         .inode = layout.inode,
                                         .device = layout.device,
                                         .mode = layout.mode},
                                .target = layout.target,
                                .path = layout.path,
                                .unseen = layout.unseen,
                                .body = bodies.substr(layout.body_offset, layout.body_size),
                                .digest = layout.digest});
  }
  return end == bodies.size();  // nothing after the last one
}

void encode_entries(ByteWriter& writer, const std::vector<StatCacheEntry>& entries) {
  std::uint64_t offset = 0;
  for (const StatCacheEntry& entry : entries) {
    const EntryLayout layout{.size = entry.stat.size,
                             .mtime_ns = entry.stat.mtime_ns,
                             .ctime_ns = entry.stat.ctime_ns,
                             .inode = entry.stat.inode,
                             .device = entry.stat.device,
                             .body_offset = offset,
                             .mode = entry.stat.mode,
                             .target = entry.target,
                             .path = entry.path,
                             .unseen = entry.unseen,
                             .body_size = static_cast<std::uint32_t>(entry.body.size()),
                             .digest = entry.digest,
                             .reserved = 0};
    writer.raw({reinterpret_cast<const char*>(&layout), sizeof(layout)});
    offset += entry.body.size();
  }
}

}  // namespace

std::optional<StatCacheContents> parse_stat_cache(std::string_view bytes) {
  ByteReader outer(bytes);
  if (outer.raw(kMagic.size()) != kMagic || outer.fixed<std::uint32_t>() != kVersion) return std::nullopt;
  const graph::Digest digest = outer.digest();
  const auto checked_size = outer.fixed<std::uint64_t>();
  const std::string_view checked = outer.raw(checked_size);
  if (!outer.ok() || graph::sha256(checked) != digest) return std::nullopt;
  const std::string_view bodies = outer.raw(outer.remaining());

  ByteReader reader(checked);
  StatCacheContents contents;
  const auto entry_count = reader.fixed<std::uint32_t>();
  const auto string_count = reader.fixed<std::uint32_t>();
  contents.compact_string_count = reader.fixed<std::uint32_t>();
  const std::string_view layouts = reader.raw(std::size_t{entry_count} * sizeof(EntryLayout));
  std::optional<std::vector<std::string_view>> strings = read_string_table(reader, string_count);
  if (!strings) return std::nullopt;
  contents.strings = StringTable(std::move(*strings));
  contents.targets = decode_targets(reader);
  if (!reader.finished() || !decode_entries(layouts, bodies, contents)) return std::nullopt;
  return contents;
}

std::string encode_stat_cache(const StatCacheContents& contents) {
  std::string checked;
  ByteWriter writer(checked);
  writer.fixed(static_cast<std::uint32_t>(contents.entries.size()));
  writer.fixed(static_cast<std::uint32_t>(contents.strings.size()));
  writer.fixed(contents.compact_string_count);
  encode_entries(writer, contents.entries);
  write_string_table(writer, contents.strings);
  encode_targets(writer, contents.targets);

  std::string bytes;
  ByteWriter outer(bytes);
  outer.raw(kMagic);
  outer.fixed(kVersion);
  outer.digest(graph::sha256(checked));
  outer.fixed<std::uint64_t>(checked.size());
  outer.raw(checked);
  return bytes;
}

std::array<std::uint8_t, 16> body_digest(std::string_view body) {
  const graph::Digest digest = graph::sha256(body);
  std::array<std::uint8_t, 16> start{};
  std::copy_n(digest.bytes.begin(), start.size(), start.begin());
  return start;
}

std::string encode_scan(const graph::ScannedFile& file, StringTable& strings) {
  std::string body;
  ByteWriter writer(body);
  write_scan(writer, file, strings);
  return body;
}

std::optional<graph::ScannedFile> decode_scan(const StatCacheEntry& entry, const StringTable& strings) {
  if (body_digest(entry.body) != entry.digest) return std::nullopt;
  ByteReader reader(entry.body);
  graph::ScannedFile file = read_scan(reader, strings);
  if (!reader.finished()) return std::nullopt;
  return file;
}

}  // namespace runner

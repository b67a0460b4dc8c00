// The format of the stat cache: what scans of files gave, by path, target and stat.
//
//   file     := "TWSCANS\n" u32 version, u8[32] SHA-256 of the contents, u64 size of the contents, contents,
//               bodies
//   contents := u32 entry_count, u32 string_count, u32 compact_string_count, entries, strings, targets
//   targets  := varint count { varint major, varint minor, string platform, list always_true, list
//               always_false }*
//   entries  := { stat, u32 target, u32 path (a string id), u32 unseen, u64 body offset, u32 body size,
//               u8[16] start of the SHA-256 of the body }*
//   body     := a scan; it and strings are those of scan_codec.h
//
// Integers are little-endian. Contents are verified when a file is opened, each body when it is decoded.
// Strings are only ever appended as long as bodies are carried over as they are; once there are twice as many
// as when they were last collected (compact_string_count), everything is encoded anew.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/import_scanner.h"
#include "graph/module_graph.h"
#include "graph/scan_memory.h"
#include "runner/string_table.h"

namespace runner {

struct StatCacheEntry {
  graph::FileStat stat;
  std::uint32_t target = 0;
  std::uint32_t path = 0;
  std::uint32_t unseen = 0;  // how many times the cache was rewritten since the file was last asked for
  std::string_view body;
  std::array<std::uint8_t, 16> digest{};
};

// What a cache file says, before bodies are looked into. Views into the bytes it was parsed from and into
// `strings`.
struct StatCacheContents {
  std::vector<graph::ScanTarget> targets;
  StringTable strings;
  std::uint32_t compact_string_count = 0;
  std::vector<StatCacheEntry> entries;
};

// Nothing if `bytes` is not a whole, undamaged cache of this version.
std::optional<StatCacheContents> parse_stat_cache(std::string_view bytes);

// All but the bodies, which follow one after the other in the order of the entries.
std::string encode_stat_cache(const StatCacheContents& contents);

// An entry's body, and its checksum.
std::string encode_scan(const graph::ScannedFile& file, StringTable& strings);
std::array<std::uint8_t, 16> body_digest(std::string_view body);

// Nothing if the body is damaged.
std::optional<graph::ScannedFile> decode_scan(const StatCacheEntry& entry, const StringTable& strings);

}  // namespace runner

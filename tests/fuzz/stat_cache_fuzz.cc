// Any bytes as a file of remembered scans, its checksums put right.
#include <string>

#include "graph/byte_codec.h"
#include "runner/stat_cache_file.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// "TWSCANS\n" u32 version, u8[32] SHA-256 of the contents, u64 size of the contents
constexpr std::size_t kDigestAt = 12;
constexpr std::size_t kSizeAt = kDigestAt + 32;
constexpr std::size_t kContentsAt = kSizeAt + 8;

std::string with_good_checksum(std::string bytes) {
  if (bytes.size() < kContentsAt) return bytes;
  graph::ByteReader reader(std::string_view(bytes).substr(kSizeAt));
  const std::string_view contents = reader.raw(reader.fixed<std::uint64_t>());
  if (reader.ok()) bytes.replace(kDigestAt, 32, graph::sha256(contents).view());
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = with_good_checksum(std::string(fuzz::text_of(data, size)));
  auto contents = runner::parse_stat_cache(bytes);
  if (!contents) return 0;
  for (runner::StatCacheEntry& entry : contents->entries) {
    entry.digest = runner::body_digest(entry.body);
    const auto file = runner::decode_scan(entry, contents->strings);
    if (!file) continue;
    runner::StringTable strings;
    const std::string body = runner::encode_scan(*file, strings);
    const runner::StatCacheEntry again{.stat = {}, .body = body, .digest = runner::body_digest(body)};
    const auto second = runner::decode_scan(again, strings);
    fuzz::require(second && second->scan == file->scan, "a scan survives being remembered again");
  }
  fuzz::require(runner::encode_stat_cache(*contents).size() <= bytes.size(),
                "what was read is no larger than its file");
  return 0;
}

#include "runner/pack_index.h"

#include <algorithm>
#include <cstring>

#include "graph/byte_codec.h"

namespace runner {
namespace {

constexpr std::string_view kHeaderMagic = "TWPACK\r\n";
constexpr std::string_view kFooterMagic = "TWPKEND\n";
constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kFooterSize = 56;
constexpr std::uint64_t kLargestIndex = std::uint64_t{256} << 20;
constexpr std::size_t kCountsSize = 16;  // the footer's fields before the digest

static_assert(sizeof(PackedBlock) == 32 && sizeof(PackedRecord) == 48, "the structs are the disk's layout");
static_assert(std::is_trivially_copyable_v<PackedBlock> && std::is_trivially_copyable_v<PackedRecord>);

// No frame of ours is larger: zstd adds little to what it cannot compress. A file with holes could be.
constexpr std::uint64_t largest_frame(std::uint32_t raw_size) {
  return std::uint64_t{raw_size} + raw_size / 64 + 1024;
}

bool well_formed(const PackIndex& index, std::uint64_t index_offset) {
  for (const PackedBlock& block : index.blocks) {
    if (block.offset < kHeaderSize || block.offset > index_offset) return false;
    if (block.stored_size > index_offset - block.offset || block.raw_size > kLargestRecord) return false;
    if (block.stored_size > largest_frame(block.raw_size)) return false;
  }
  std::vector<RecordKind> kinds(index.blocks.size());
  for (const PackedRecord& record : index.records) {
    if (record.block >= index.blocks.size()) return false;
    if (record.kind < RecordKind::kManifest || record.kind > RecordKind::kBodies) return false;
    RecordKind& kind = kinds[record.block];
    if (kind == RecordKind{}) kind = record.kind;
    if (kind != record.kind) return false;
    const std::uint32_t raw_size = index.blocks[record.block].raw_size;
    if (record.offset > raw_size || record.size > raw_size - record.offset) return false;
  }
  return true;
}

}  // namespace

std::array<std::uint8_t, 16> block_digest(std::string_view stored) {
  const graph::Digest digest = graph::sha256(stored);
  std::array<std::uint8_t, 16> start{};
  std::copy_n(digest.bytes.begin(), start.size(), start.begin());
  return start;
}

std::string encode_header() {
  std::string header;
  graph::ByteWriter writer(header);
  writer.raw(kHeaderMagic);
  writer.fixed<std::uint32_t>(kPackVersion);
  writer.fixed<std::uint32_t>(0);
  return header;
}

std::string encode_index(const PackIndex& index, std::uint64_t index_offset) {
  std::string bytes = encode_header();
  graph::ByteWriter writer(bytes);
  writer.raw({reinterpret_cast<const char*>(index.blocks.data()), index.blocks.size() * sizeof(PackedBlock)});
  writer.raw(
      {reinterpret_cast<const char*>(index.records.data()), index.records.size() * sizeof(PackedRecord)});
  writer.fixed<std::uint64_t>(index_offset);
  writer.fixed<std::uint32_t>(static_cast<std::uint32_t>(index.blocks.size()));
  writer.fixed<std::uint32_t>(static_cast<std::uint32_t>(index.records.size()));
  writer.digest(graph::sha256(bytes));
  writer.raw(kFooterMagic);
  return bytes.substr(kHeaderSize);
}

PackCondition read_index(const PackBytes& bytes, PackIndex& index) {
  const std::uint64_t size = bytes.size();
  if (size < kHeaderSize + kFooterSize) return PackCondition::kCorrupt;
  char header[kHeaderSize];
  char footer[kFooterSize];
  if (!bytes.read(0, header, kHeaderSize) || !bytes.read(size - kFooterSize, footer, kFooterSize)) {
    return PackCondition::kUnreadable;
  }
  if (std::string_view(header, kHeaderMagic.size()) != kHeaderMagic) return PackCondition::kCorrupt;
  if (std::string_view(header, kHeaderSize) != encode_header()) return PackCondition::kForeign;
  graph::ByteReader reader(std::string_view(footer, kFooterSize));
  const auto index_offset = reader.fixed<std::uint64_t>();
  const auto block_count = reader.fixed<std::uint32_t>();
  const auto record_count = reader.fixed<std::uint32_t>();
  const graph::Digest digest = reader.digest();
  if (reader.raw(kFooterMagic.size()) != kFooterMagic) return PackCondition::kCorrupt;

  const std::uint64_t index_size =
      block_count * std::uint64_t{sizeof(PackedBlock)} + record_count * std::uint64_t{sizeof(PackedRecord)};
  if (index_size > kLargestIndex || index_offset < kHeaderSize || index_offset > size - kFooterSize ||
      index_size != size - kFooterSize - index_offset) {
    return PackCondition::kCorrupt;
  }
  std::string checked(kHeaderSize + index_size + kCountsSize, '\0');
  std::memcpy(checked.data(), header, kHeaderSize);
  if (!bytes.read(index_offset, checked.data() + kHeaderSize, index_size)) return PackCondition::kUnreadable;
  std::memcpy(checked.data() + kHeaderSize + index_size, footer, kCountsSize);
  if (graph::sha256(checked) != digest) return PackCondition::kCorrupt;

  PackIndex found;
  found.blocks.resize(block_count);
  found.records.resize(record_count);
  const char* const blocks = checked.data() + kHeaderSize;
  const char* const records = blocks + block_count * sizeof(PackedBlock);
  if (block_count > 0)
    std::memcpy(static_cast<void*>(found.blocks.data()), blocks, block_count * sizeof(PackedBlock));
  if (record_count > 0)
    std::memcpy(static_cast<void*>(found.records.data()), records, record_count * sizeof(PackedRecord));
  if (!well_formed(found, index_offset)) return PackCondition::kCorrupt;
  index = std::move(found);
  return PackCondition::kGood;
}

}  // namespace runner

// The layout of a pack and its table of contents.
//
//   pack   := header block* index footer
//   header := "TWPACK\r\n" u32 version u32 0
//   block  := one zstd frame: the bytes of one or more records of one kind, one after the other
//   index  := blocks records
//   blocks := { u64 offset, u32 stored_size, u32 raw_size, u8[16] start of the SHA-256 of the stored bytes }*
//   records := { u8[32] key, u32 block, u32 offset, u32 size, u8 kind, u8[3] 0 }*
//   footer := u64 index_offset u32 block_count u32 record_count u8[32] digest "TWPKEND\n"
//
// Integers are little-endian. The digest is the SHA-256 of header, index and the footer's 16 bytes before it.
// Records are sorted by kind and key, those of one key newest first. Blocks lie sorted by kind, so that the
// small kinds are one contiguous stretch; the table of blocks is in no particular order. The version in the
// header and the name of the packs' directory change together.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"
#include "runner/pack_store.h"

namespace runner {

inline constexpr std::uint32_t kPackVersion = 1;
// More than any record needs, and little enough to allocate on the word of a broken header.
inline constexpr std::uint32_t kLargestRecord = 64U << 20;

struct PackedBlock {
  std::uint64_t offset = 0;
  std::uint32_t stored_size = 0;
  std::uint32_t raw_size = 0;
  std::array<std::uint8_t, 16> digest{};
};

struct PackedRecord {
  graph::Digest key;
  std::uint32_t block = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  RecordKind kind{};
  std::array<std::uint8_t, 3> reserved{};
};

struct PackIndex {
  std::vector<PackedBlock> blocks;
  std::vector<PackedRecord> records;
};

// The bytes of a pack, wherever they are.
class PackBytes {
 public:
  virtual ~PackBytes() = default;
  virtual std::uint64_t size() const = 0;
  // Fills all of `out` or returns false. Thread-safe.
  virtual bool read(std::uint64_t offset, char* out, std::size_t size) const = 0;
};

enum class PackCondition {
  kGood,
  kForeign,     // of another version
  kUnreadable,  // the disk failed
  kCorrupt,
};

std::array<std::uint8_t, 16> block_digest(std::string_view stored);

std::string encode_header();
// Index and footer of a pack whose blocks end at `index_offset`.
std::string encode_index(const PackIndex& index, std::uint64_t index_offset);
// Fills `index` with what was verified: every block lies in the file and holds one kind, every record lies in
// its block.
PackCondition read_index(const PackBytes& bytes, PackIndex& index);

}  // namespace runner

// Any bytes as a pack of the store. Checksums are put right first: they stop chance, not somebody who writes
// packs.
#include <atomic>
#include <cstring>
#include <memory>
#include <string>

#include "runner/pack_builder.h"
#include "runner/pack_index.h"
#include "runner/pack_reader.h"
#include "runner/record_table.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/memory_pack_bytes.h"

namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kFooter = 56;

std::string with_good_checksums(std::string bytes) {
  if (bytes.size() < kHeader + kFooter) return bytes;
  char* const footer = bytes.data() + bytes.size() - kFooter;
  std::uint64_t index = 0;
  std::uint32_t blocks = 0;
  std::memcpy(&index, footer, sizeof(index));
  std::memcpy(&blocks, footer + sizeof(index), sizeof(blocks));
  const std::uint64_t end = bytes.size() - kFooter;
  if (index < kHeader || index > end) return bytes;
  for (std::uint64_t at = index; blocks-- > 0 && at + sizeof(runner::PackedBlock) <= end;
       at += sizeof(runner::PackedBlock)) {
    runner::PackedBlock block;
    std::memcpy(static_cast<void*>(&block), bytes.data() + at, sizeof(block));
    if (block.offset > index || block.stored_size > index - block.offset) continue;
    block.digest = runner::block_digest({bytes.data() + block.offset, block.stored_size});
    std::memcpy(bytes.data() + at, &block, sizeof(block));
  }
  std::string checked = bytes.substr(0, kHeader) + bytes.substr(index, end - index);
  checked.append(footer, 16);
  const graph::Digest digest = graph::sha256(checked);
  std::memcpy(footer + 16, digest.bytes.data(), digest.bytes.size());
  return bytes;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bytes = std::make_unique<support::MemoryPackBytes>(
      with_good_checksums({fuzz::text_of(data, size).data(), size}));
  runner::PackIndex index;
  if (runner::read_index(*bytes, index) != runner::PackCondition::kGood) return 0;
  std::atomic<std::uint64_t> corrupt = 0;
  runner::BlockCaches caches;
  std::vector<std::shared_ptr<runner::PackReader>> packs;
  packs.push_back(
      std::make_shared<runner::PackReader>(std::move(bytes), std::move(index), 0, caches, corrupt));
  const runner::RecordTable table(packs);
  for (const runner::PackedRecord& record : packs[0]->index().records) {
    bool found = false;
    table.visit({record.kind, record.key}, [&](const runner::RecordTable::Match& match) {
      found = found || match.record == &record;
      const auto read = match.pack->read(runner::place_of(*match.record));
      fuzz::require(!read || read->size() == match.record->size, "a record has the size its index gives");
      return !found;
    });
    fuzz::require(found, "every record is found by its name");
  }
  return 0;
}

#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "runner/pack_builder.h"
#include "runner/pack_consolidation.h"
#include "runner/pack_reader.h"
#include "runner/record_table.h"
#include "tests/support/memory_pack_bytes.h"
#include "tests/support/repository.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

graph::Digest key(std::string_view name) {
  return graph::sha256(name);
}

std::string bytes_of(const PackImage& image) {
  std::string bytes = image.header;
  for (const std::string_view block : image.blocks) bytes += block;
  return bytes + image.index;
}

// Everything a pack gives, newest first.
using Contents = std::map<std::pair<int, graph::Digest>, std::vector<std::string>>;

struct Opened {
  PackCondition condition = PackCondition::kCorrupt;
  Contents contents;
  std::uint64_t corrupt = 0;
};

Opened open(const std::string& bytes) {
  Opened opened;
  auto source = std::make_unique<support::MemoryPackBytes>(bytes);
  PackIndex index;
  opened.condition = read_index(*source, index);
  if (opened.condition != PackCondition::kGood) return opened;
  BlockCaches caches;
  std::atomic<std::uint64_t> corrupt{0};
  PackReader reader(std::move(source), std::move(index), 0, caches, corrupt);
  for (const PackedRecord& record : reader.index().records) {
    const std::optional<std::string> found = reader.read(place_of(record));
    if (found) opened.contents[{static_cast<int>(record.kind), record.key}].push_back(*found);
  }
  opened.corrupt = corrupt;
  return opened;
}

// Whether `part` holds nothing that `whole` does not.
bool is_part(const Contents& part, const Contents& whole) {
  for (const auto& [name, records] : part) {
    const auto it = whole.find(name);
    if (it == whole.end() || it->second != records) return false;
  }
  return true;
}

std::string small_pack() {
  BlockCaches caches;
  PackBuilder builder(0, caches);
  builder.add(RecordKind::kManifest, key("a"), "old manifest");
  builder.add(RecordKind::kManifest, key("a"), "new manifest");
  builder.add(RecordKind::kInterface, key("b"), "interface");
  builder.add(RecordKind::kTouched, key("a"), "");
  return bytes_of(builder.finish());
}

TEST_CASE("a pack gives back its records, those of one key newest first") {
  const Opened opened = open(small_pack());
  CHECK(opened.condition == PackCondition::kGood);
  CHECK(opened.contents == Contents{{{1, key("a")}, {"new manifest", "old manifest"}},
                                    {{2, key("a")}, {""}},
                                    {{3, key("b")}, {"interface"}}});
}

TEST_CASE("large records have blocks of their own, small ones share") {
  BlockCaches caches;
  PackBuilder builder(0, caches);
  const std::string large(20'000, 'l');
  Contents expected;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i);
    const std::string bytes = i % 100 == 7 ? large + name : std::string(1000, 's') + name;
    builder.add(RecordKind::kInterface, key(name), bytes);
    expected[{3, key(name)}] = {bytes};
    CHECK(builder.read(builder.find({RecordKind::kInterface, key(name)}).front()) == bytes);
  }
  const Opened opened = open(bytes_of(builder.finish()));
  CHECK(opened.contents == expected);
  PackIndex index;
  CHECK(read_index(support::MemoryPackBytes(bytes_of(builder.finish())), index) == PackCondition::kGood);
  CHECK(index.blocks.size() == 3 + 3);
}

TEST_CASE("the small kinds lie together at the start, whatever the order of arrival") {
  BlockCaches caches;
  PackBuilder builder(0, caches);
  for (int i = 0; i < 20; ++i) {
    builder.add(RecordKind::kInterface, key(std::to_string(i) + "i"), std::string(20'000, 'i'));
    builder.add(RecordKind::kManifest, key(std::to_string(i) + "m"), std::string(20'000, 'm'));
  }
  PackIndex index;
  REQUIRE(read_index(support::MemoryPackBytes(bytes_of(builder.finish())), index) == PackCondition::kGood);
  std::uint64_t last_manifest = 0;
  std::uint64_t first_interface = ~std::uint64_t{0};
  for (const PackedRecord& record : index.records) {
    const std::uint64_t offset = index.blocks[record.block].offset;
    if (record.kind == RecordKind::kManifest) last_manifest = std::max(last_manifest, offset);
    if (record.kind == RecordKind::kInterface) first_interface = std::min(first_interface, offset);
  }
  CHECK(last_manifest < first_interface);
}

TEST_CASE("the same records give the same bytes") {
  CHECK(small_pack() == small_pack());
}

TEST_CASE("a pack truncated anywhere is corrupt") {
  const std::string pack = small_pack();
  for (std::size_t size = 0; size < pack.size(); ++size) {
    INFO("truncated to ", size);
    CHECK(open(pack.substr(0, size)).condition == PackCondition::kCorrupt);
  }
}

TEST_CASE("a flipped bit is noticed, and never gives wrong data") {
  const std::string pack = small_pack();
  const Opened whole = open(pack);
  for (std::size_t bit = 0; bit < pack.size() * 8; ++bit) {
    std::string damaged = pack;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const Opened opened = open(damaged);
    INFO("bit ", bit);
    CHECK((opened.condition != PackCondition::kGood || opened.corrupt == 1));
    CHECK(is_part(opened.contents, whole.contents));
  }
}

TEST_CASE("random bytes are no pack, even within a valid frame") {
  std::mt19937 random(1);
  const std::string pack = small_pack();
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = pack;
    const std::size_t start = random() % bytes.size();
    const std::size_t end = start + random() % (bytes.size() - start) + 1;
    for (std::size_t i = start; i < end; ++i) bytes[i] = static_cast<char>(random());
    const Opened opened = open(bytes);
    CHECK(is_part(opened.contents, open(pack).contents));
  }
}

TEST_CASE("a consistent index that points outside of its pack is corrupt") {
  const auto condition_of = [](const PackIndex& index) {
    const std::string body(100, 'x');
    PackIndex ignored;
    const std::string header = encode_header();
    return read_index(
        support::MemoryPackBytes(header + body + encode_index(index, header.size() + body.size())), ignored);
  };
  const PackedBlock good_block{.offset = 16, .stored_size = 100, .raw_size = 10, .digest = {}};
  const PackedRecord good{
      .key = key("a"), .block = 0, .offset = 4, .size = 6, .kind = RecordKind::kManifest, .reserved = {}};
  CHECK(condition_of({{good_block}, {good}}) == PackCondition::kGood);

  PackedBlock block = good_block;
  block.stored_size = 101;
  CHECK(condition_of({{block}, {good}}) == PackCondition::kCorrupt);
  block = good_block;
  block.offset = ~std::uint64_t{0};
  CHECK(condition_of({{block}, {good}}) == PackCondition::kCorrupt);
  block = good_block;
  block.raw_size = kLargestRecord + 1;
  CHECK(condition_of({{block}, {good}}) == PackCondition::kCorrupt);
  PackedRecord record = good;
  record.block = 1;
  CHECK(condition_of({{good_block}, {record}}) == PackCondition::kCorrupt);
  record = good;
  record.size = 7;
  CHECK(condition_of({{good_block}, {record}}) == PackCondition::kCorrupt);
  record = good;
  record.kind = static_cast<RecordKind>(77);
  CHECK(condition_of({{good_block}, {record}}) == PackCondition::kCorrupt);
  record = good;
  record.kind = RecordKind::kProbe;
  CHECK(condition_of({{good_block}, {good, record}}) == PackCondition::kCorrupt);
}

TEST_CASE("a pack of another version is left alone") {
  std::string pack = small_pack();
  pack[8] = 2;
  CHECK(open(pack).condition == PackCondition::kForeign);
}

TEST_CASE("the frozen sample is still read") {
  const auto root = support::repository();
  const Opened opened = open(support::read_file(root / "testdata/formats/sample_v1.pack"));
  CHECK(opened.condition == PackCondition::kGood);
  CHECK(opened.contents == open(small_pack()).contents);
}

// Several packs in memory, the newest first.
class Packs {
 public:
  void add(const std::vector<std::tuple<RecordKind, std::string, std::string>>& records) {
    PackBuilder builder(100 + count_, caches_);
    for (const auto& [kind, name, bytes] : records) builder.add(kind, key(name), bytes);
    add_bytes(bytes_of(builder.finish()));
  }
  void add_bytes(const std::string& bytes) {
    auto source = std::make_unique<support::MemoryPackBytes>(bytes);
    PackIndex index;
    REQUIRE(read_index(*source, index) == PackCondition::kGood);
    packs_.insert(packs_.begin(), std::make_unique<PackReader>(std::move(source), std::move(index), count_++,
                                                               caches_, corrupt_));
  }
  const std::vector<std::shared_ptr<PackReader>>& all() const { return packs_; }
  Contents merged() {
    PackBuilder builder(50, caches_);
    merge_packs(packs_, builder);
    return open(bytes_of(builder.finish())).contents;
  }

 private:
  BlockCaches caches_;
  std::atomic<std::uint64_t> corrupt_{0};
  std::uint32_t count_ = 0;
  std::vector<std::shared_ptr<PackReader>> packs_;
};

TEST_CASE("the table finds the records of many packs, newest first") {
  Packs packs;
  packs.add({{RecordKind::kManifest, "a", "1"}, {RecordKind::kInterface, "a", "i"}});
  packs.add({{RecordKind::kManifest, "a", "2"}, {RecordKind::kManifest, "a", "3"}});
  const RecordTable table(packs.all());
  std::vector<std::string> found;
  table.visit({RecordKind::kManifest, key("a")}, [&](const RecordTable::Match& match) {
    found.push_back(*match.pack->read(place_of(*match.record)));
    return true;
  });
  CHECK(found == std::vector<std::string>{"3", "2", "1"});
  table.visit({RecordKind::kManifest, key("b")}, [](const RecordTable::Match&) {
    FAIL("nothing is there");
    return false;
  });
}

TEST_CASE("merging keeps the newest records of a key, the same bytes once") {
  Packs packs;
  for (int i = 0; i < 12; ++i) {
    packs.add({{RecordKind::kManifest, "a", std::to_string(i % 10)},
               {RecordKind::kInterface, "i", "same"},
               {RecordKind::kTouched, "t", std::to_string(i)}});
  }
  CHECK(packs.merged() == Contents{{{1, key("a")}, {"1", "0", "9", "8", "7", "6", "5", "4"}},
                                   {{2, key("t")}, {"11"}},
                                   {{3, key("i")}, {"same"}}});
}

TEST_CASE("merging takes over whole blocks and takes blocks with gaps apart") {
  Packs packs;
  std::vector<std::tuple<RecordKind, std::string, std::string>> whole;
  for (int i = 0; i < 200; ++i) {
    whole.emplace_back(RecordKind::kInterface, std::to_string(i), std::string(1000, 'w') + std::to_string(i));
  }
  packs.add(whole);
  packs.add({{RecordKind::kInterface, "150", std::string(1000, 'w') + "150"}});
  Contents expected;
  for (const auto& [kind, name, bytes] : whole) expected[{3, key(name)}] = {bytes};
  CHECK(packs.merged() == expected);
}

TEST_CASE("merging prefers a good older record to a broken newer one") {
  Packs packs;
  packs.add({{RecordKind::kInterface, "i", "same"}});
  BlockCaches caches;
  PackBuilder builder(60, caches);
  builder.add(RecordKind::kInterface, key("i"), "same");
  std::string broken = bytes_of(builder.finish());
  broken[20] = static_cast<char>(broken[20] ^ 1);
  packs.add_bytes(broken);
  CHECK(packs.merged() == Contents{{{3, key("i")}, {"same"}}});
}

}  // namespace
}  // namespace runner

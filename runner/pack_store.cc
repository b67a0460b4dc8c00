#include "runner/pack_store.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "graph/result.h"
#include "runner/disk_trouble.h"
#include "runner/pack_builder.h"
#include "runner/pack_consolidation.h"
#include "runner/pack_directory.h"
#include "runner/pack_reader.h"
#include "runner/record_table.h"

namespace runner {
namespace {

constexpr std::size_t kManyPacks = 12;
// Packs of this size are left alone, and no more than the second is merged at once.
constexpr std::uint64_t kLargePack = std::uint64_t{32} << 20;
constexpr std::uint64_t kMergedAtOnce = std::uint64_t{256} << 20;
// How often a directory is listed again because a pack vanished between listing and opening.
constexpr int kListings = 5;

// A record of any layer.
struct Candidate {
  RecordLayer* layer = nullptr;
  RecordPlace place;
};

class DirectoryPackStore : public PackStore {
 public:
  DirectoryPackStore(const std::filesystem::path& path, Access access) : access_(access) {
    graph::Result<PackDirectory> directory = PackDirectory::open(path, access);
    if (directory) {
      directory_ = std::move(*directory);
      packs_ = open_packs(caches_, next_layer_, corrupt_);
    } else if (access == Access::kReadWrite || path.empty()) {
      note(directory.error());
    }
    pack_count_at_open_ = packs_.size();
    table_ = std::make_unique<const RecordTable>(packs_);
    current_ = new_builder();
  }

  std::optional<std::string> get(RecordKind kind, const graph::Digest& key) override {
    std::optional<std::string> bytes = read_newest({kind, key});
    ++(bytes ? hits_ : misses_);
    return bytes;
  }

  std::vector<std::string> get_all(RecordKind kind, const graph::Digest& key) override {
    std::vector<std::string> found;
    for (const Candidate& candidate : candidates({kind, key})) {
      std::optional<std::string> bytes = candidate.layer->read(candidate.place);
      if (bytes) found.push_back(std::move(*bytes));
    }
    ++(found.empty() ? misses_ : hits_);
    return found;
  }

  bool contains(RecordKind kind, const graph::Digest& key) override { return has({kind, key}); }

  void put(RecordKind kind, const graph::Digest& key, std::string_view bytes) override;
  void flush() override;
  void discard() override {
    const std::unique_lock lock(builders_mutex_);
    current_ = new_builder();
  }

  StoreCounters counters() const override {
    return {.hits = hits_.load(), .misses = misses_.load(), .corrupt = corrupt_.load()};
  }

  std::string trouble() const override {
    const std::lock_guard lock(trouble_mutex_);
    return trouble_;
  }

 private:
  using Packs = std::vector<std::unique_ptr<PackReader>>;

  Packs open_packs(BlockCaches& caches, std::uint32_t& next_layer, std::atomic<std::uint64_t>& corrupt);
  std::unique_ptr<const PackBytes> open_index(const std::string& name, PackIndex& index,
                                              std::atomic<std::uint64_t>& corrupt);
  void heal();
  void replace(const std::vector<std::string>& old);
  std::vector<std::string> choose_small_packs() const;

  // The newest first, whether broken or not.
  std::vector<Candidate> candidates(const RecordName& name) const;
  bool has(const RecordName& name) const;
  std::optional<std::string> read_newest(const RecordName& name) const;

  std::shared_ptr<PackBuilder> new_builder() { return std::make_shared<PackBuilder>(next_layer_++, caches_); }
  void note(const graph::Error& error) {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_.empty()) trouble_ = "the store does not work fully: " + one_sentence(error);
  }

  const Access access_;
  std::optional<PackDirectory> directory_;
  BlockCaches caches_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> corrupt_{0};
  mutable std::mutex trouble_mutex_;
  std::string trouble_;

  Packs packs_;                          // those at opening; fixed from then on
  std::vector<std::string> pack_names_;  // of packs_
  std::set<std::string> healed_;         // guarded by flush_mutex_
  std::unique_ptr<const RecordTable> table_;
  std::size_t pack_count_at_open_ = 0;

  std::mutex flush_mutex_;  // one flush at a time
  mutable std::shared_mutex builders_mutex_;
  std::uint32_t next_layer_ = 0;
  std::vector<std::shared_ptr<PackBuilder>> flushed_;  // oldest first; stay readable from memory
  std::shared_ptr<PackBuilder> current_;
};

std::unique_ptr<const PackBytes> DirectoryPackStore::open_index(const std::string& name, PackIndex& index,
                                                                std::atomic<std::uint64_t>& corrupt) {
  graph::Result<std::unique_ptr<const PackBytes>> bytes = directory_->open_pack(name);
  if (!bytes) {
    if (directory_->is_displaced(name)) {
      ++corrupt;
      if (access_ == Access::kReadWrite) directory_->remove(name);
    } else {
      note(bytes.error());
    }
    return nullptr;
  }
  if (!*bytes) return nullptr;
  switch (read_index(**bytes, index)) {
    case PackCondition::kGood:
      return std::move(*bytes);
    case PackCondition::kUnreadable:
      note({"cannot read " + directory_->path_of(name), "check the disk, or delete the file"});
      break;
    case PackCondition::kForeign:  // packs of another version lie in a directory of their own
    case PackCondition::kCorrupt:
      ++corrupt;
      if (access_ == Access::kReadWrite) directory_->remove(name);
      break;
  }
  return nullptr;
}

DirectoryPackStore::Packs DirectoryPackStore::open_packs(BlockCaches& caches, std::uint32_t& next_layer,
                                                         std::atomic<std::uint64_t>& corrupt) {
  std::unordered_map<std::string, std::unique_ptr<PackReader>> opened;  // null: of no use
  std::vector<std::string> names = directory_->list();
  for (int listing = 1;; ++listing) {
    for (const std::string& name : names) {
      if (opened.contains(name)) continue;
      PackIndex index;
      std::unique_ptr<const PackBytes> bytes = open_index(name, index, corrupt);
      opened[name] = bytes ? std::make_unique<PackReader>(std::move(bytes), std::move(index), next_layer++,
                                                          caches, corrupt)
                           : nullptr;
    }
    // A pack that vanished was consolidated: its records are in one that a new listing shows.
    std::vector<std::string> again = directory_->list();
    if (again == names || listing == kListings) break;
    names = std::move(again);
  }
  std::vector<std::string> order;
  for (const auto& [name, reader] : opened) {
    if (reader) order.push_back(name);
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  Packs packs;
  for (const std::string& name : order) packs.push_back(std::move(opened[name]));
  pack_names_ = std::move(order);
  return packs;
}

std::vector<Candidate> DirectoryPackStore::candidates(const RecordName& name) const {
  std::vector<Candidate> found;
  const auto add_all = [&](PackBuilder& builder) {
    for (const RecordPlace& place : builder.find(name)) found.push_back({&builder, place});
  };
  {
    const std::shared_lock lock(builders_mutex_);
    add_all(*current_);
    for (auto it = flushed_.rbegin(); it != flushed_.rend(); ++it) add_all(**it);
  }
  table_->visit(name, [&](const RecordTable::Match& match) {
    found.push_back({match.pack, place_of(*match.record)});
    return true;
  });
  return found;
}

bool DirectoryPackStore::has(const RecordName& name) const {
  const std::vector<Candidate> found = candidates(name);
  return std::any_of(found.begin(), found.end(), [](const Candidate& candidate) {
    return !candidate.layer->is_broken(candidate.place.block);
  });
}

std::optional<std::string> DirectoryPackStore::read_newest(const RecordName& name) const {
  for (const Candidate& candidate : candidates(name)) {
    std::optional<std::string> bytes = candidate.layer->read(candidate.place);
    if (bytes) return bytes;
  }
  return std::nullopt;
}

void DirectoryPackStore::put(RecordKind kind, const graph::Digest& key, std::string_view bytes) {
  if (bytes.size() > kLargestRecord) {
    note({"a record of " + std::to_string(bytes.size()) + " bytes is too large to keep", ""});
    return;
  }
  const RecordName name{kind, key};
  // Read, not only looked up: a record that turns out to be damaged is healed by this one.
  if (read_newest(name) == bytes) return;
  // Held while adding: a flush must not finish a pack that still grows.
  const std::shared_lock lock(builders_mutex_);
  current_->add(kind, key, bytes);
}

void DirectoryPackStore::flush() {
  if (!directory_ || access_ == Access::kReadOnly) return;
  const std::lock_guard one_flush(flush_mutex_);
  std::shared_ptr<PackBuilder> builder;
  {
    const std::unique_lock lock(builders_mutex_);
    if (!current_->empty()) {
      builder = current_;
      flushed_.push_back(current_);
      current_ = new_builder();
    }
  }
  if (builder) {
    const graph::Result<std::string> name = directory_->publish(builder->finish(), now_ns());
    if (!name) {
      note(name.error());
      return;
    }
  }
  heal();
  if (builder && pack_count_at_open_ > kManyPacks) {
    pack_count_at_open_ = 0;
    const std::optional<FileHandle> lock = directory_->try_lock();
    if (!lock) return;
    const std::vector<std::string> small = choose_small_packs();
    if (small.size() > kManyPacks) replace(small);
    directory_->remove_stale_files();
  }
}

// Packs in which something was found damaged give way to what is good of them.
void DirectoryPackStore::heal() {
  std::vector<std::string> damaged;
  for (std::size_t i = 0; i < packs_.size(); ++i) {
    if (packs_[i]->has_broken_block() && healed_.insert(pack_names_[i]).second)
      damaged.push_back(pack_names_[i]);
  }
  if (damaged.empty()) return;
  const std::optional<FileHandle> lock = directory_->try_lock();
  if (lock) replace(damaged);
}

// Puts one pack in the place of several (newest first). Other processes go on reading the old ones through
// their open descriptors. Needs the lock.
void DirectoryPackStore::replace(const std::vector<std::string>& old) {
  BlockCaches caches;
  std::atomic<std::uint64_t> corrupt{0};
  std::vector<std::string> names;
  Packs packs;
  for (const std::string& name : old) {
    PackIndex index;
    std::unique_ptr<const PackBytes> bytes = open_index(name, index, corrupt);
    if (!bytes) continue;
    const auto layer = static_cast<std::uint32_t>(packs.size());
    packs.push_back(std::make_unique<PackReader>(std::move(bytes), std::move(index), layer, caches, corrupt));
    names.push_back(name);
  }
  if (packs.empty()) return;
  PackBuilder merged(static_cast<std::uint32_t>(packs.size()), caches);
  merge_packs(packs, merged);
  if (!merged.empty()) {
    const auto published = directory_->publish(merged.finish(), pack_time_ns(names.front()));
    if (!published) {
      note(published.error());
      return;
    }
  }
  for (const std::string& name : names) directory_->remove(name);
}

// Newest first.
std::vector<std::string> DirectoryPackStore::choose_small_packs() const {
  std::vector<std::pair<std::uint64_t, std::string>> by_size;
  for (const std::string& name : directory_->list()) {
    const auto bytes = directory_->open_pack(name);
    if (bytes && *bytes && (*bytes)->size() < kLargePack) by_size.emplace_back((*bytes)->size(), name);
  }
  std::sort(by_size.begin(), by_size.end());
  std::vector<std::string> names;
  std::uint64_t total = 0;
  for (const auto& [size, name] : by_size) {
    total += size;
    if (total > kMergedAtOnce) break;
    names.push_back(name);
  }
  std::sort(names.begin(), names.end(), std::greater<>());
  return names;
}

}  // namespace

std::unique_ptr<PackStore> PackStore::open(const std::filesystem::path& directory, Access access) {
  return std::make_unique<DirectoryPackStore>(directory, access);
}

}  // namespace runner

#include "runner/pack_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "graph/result.h"
#include "runner/component_claims.h"
#include "runner/disk_trouble.h"
#include "runner/pack_builder.h"
#include "runner/pack_collection.h"
#include "runner/pack_directory.h"
#include "runner/pack_set.h"
#include "runner/project_uses.h"
#include "runner/stored_outcomes.h"

namespace runner {
namespace {

// How long a process waits for room that others are making.
constexpr std::chrono::seconds kRoomPatience{20};
constexpr std::chrono::milliseconds kRoomPause{20};
constexpr int kTriesForRoom = 50;
// What may be remembered of each project's uses, as a part of the store's limit, and in bytes.
constexpr std::uint64_t kUsesPart = 64;
constexpr std::uint64_t kLargestUses = 2'000'000;

// What is read of the records of one key, after the first: what a store can make its readers hold.
constexpr std::uint64_t kMostOfAKey = std::uint64_t{16} << 20;

// A record of any layer.
struct Candidate {
  std::shared_ptr<RecordLayer> layer;
  RecordPlace place;
};

class DirectoryPackStore : public PackStore {
 public:
  DirectoryPackStore(const std::filesystem::path& path, Access access, std::function<StoreLimit()> limit)
      : access_(access), ask_limit_(std::move(limit)) {
    graph::Result<PackDirectory> directory = PackDirectory::open(path, access);
    if (directory) {
      directory_ = std::move(*directory);
      if (access == Access::kReadWrite) {
        claims_.emplace([this](const std::string& name) { return directory_->open_lock(name.c_str()); });
      }
    } else if (access == Access::kReadWrite || path.empty()) {
      note(directory.error());
    }
    current_ = new_builder();
  }

  std::optional<std::string> get(RecordKind kind, const graph::Digest& key) override {
    std::optional<std::string> bytes = read_newest({kind, key});
    ++(bytes ? hits_ : misses_);
    if (bytes) note_use(kind, key);
    return bytes;
  }

  std::vector<std::string> get_all(RecordKind kind, const graph::Digest& key) override {
    std::vector<std::string> found;
    std::uint64_t total = 0;
    for (const Candidate& candidate : candidates({kind, key})) {
      total += candidate.place.size;
      if (total > kMostOfAKey && !found.empty()) break;
      std::optional<std::string> bytes = candidate.layer->read(key, candidate.place);
      if (bytes) found.push_back(std::move(*bytes));
    }
    ++(found.empty() ? misses_ : hits_);
    if (!found.empty()) note_use(kind, key);
    return found;
  }

  bool contains(RecordKind kind, const graph::Digest& key) override { return has({kind, key}); }

  void put(RecordKind kind, const graph::Digest& key, std::string_view bytes) override;
  void flush() override;
  void discard() override {
    const std::unique_lock lock(builders_mutex_);
    current_ = new_builder();
    if (claims_) claims_->release_all();
  }
  graph::Digest condition() const override { return directory_ ? directory_->condition() : graph::Digest{}; }
  void open_all() override {
    if (directory_) packs();
  }
  void refresh() override {
    if (opened_) packs_->refresh();
  }
  bool has_grown() const override { return opened_ && packs_->has_grown(); }
  bool claim(const graph::Digest& key) override { return !claims_ || claims_->take(key); }
  void release(const graph::Digest& key) override {
    if (claims_) claims_->release(key);
  }
  void note_waiting(bool waiting) override {
    if (claims_) claims_->note_waiting(waiting);
  }
  bool others_wait() const override { return claims_ && claims_->others_wait(); }
  void note_run(const ProjectRun& run) override;
  void note_use(RecordKind kind, const graph::Digest& key) override;

  StoreCounters counters() const override {
    return {.hits = hits_.load(), .misses = misses_.load(), .corrupt = corrupt_.load()};
  }

  std::string trouble() const override {
    const std::lock_guard lock(trouble_mutex_);
    return trouble_;
  }

 private:
  PackSet::Context context(std::atomic<std::uint64_t>& corrupt) {
    return {.directory = *directory_,
            .caches = caches_,
            .next_layer = next_layer_,
            .corrupt = corrupt,
            .remove_corrupt = access_ == Access::kReadWrite,
            .note = [this](const graph::Error& error) { note(error); }};
  }

  // Opened on first use: repeating an answer needs nothing of them. Needs directory_.
  PackSet& packs() {
    std::call_once(opening_, [this] {
      packs_.emplace(context(corrupt_));
      opened_ = true;
    });
    return *packs_;
  }

  // Need flush_mutex_.
  void bring_along(PackBuilder& builder);
  bool publish(PackBuilder& builder);
  bool publish(const PackImage& image);
  bool make_room(std::uint64_t bytes);
  void ask_for_limit() {
    if (!limit_) limit_ = ask_limit_ ? ask_limit_() : StoreLimit();
  }
  void heal();

  // The newest first, whether broken or not.
  std::vector<Candidate> candidates(const RecordName& name);
  bool has(const RecordName& name);
  std::optional<std::string> read_newest(const RecordName& name);

  std::shared_ptr<PackBuilder> new_builder() { return std::make_shared<PackBuilder>(next_layer_++, caches_); }
  void note(const graph::Error& error) {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_.empty()) trouble_ = "the store does not work fully: " + one_sentence(error);
  }

  const Access access_;
  const std::function<StoreLimit()> ask_limit_;
  std::optional<PackDirectory> directory_;
  BlockCaches caches_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> corrupt_{0};
  mutable std::mutex trouble_mutex_;
  std::string trouble_;

  std::atomic<std::uint32_t> next_layer_{0};
  std::once_flag opening_;
  std::atomic<bool> opened_{false};
  std::optional<PackSet> packs_;  // once opened
  std::optional<ComponentClaims> claims_;

  std::mutex uses_mutex_;
  std::vector<std::uint64_t> uses_;  // key_start() of what was found or put

  std::mutex flush_mutex_;                                 // one flush at a time; guards what follows
  std::set<std::string> healed_;                           // names of packs
  std::optional<StoreLimit> limit_;                        // once it was asked for
  std::vector<std::shared_ptr<PackBuilder>> unpublished_;  // oldest first

  std::shared_mutex builders_mutex_;
  std::vector<std::shared_ptr<PackBuilder>> flushed_;  // oldest first; stay readable from memory
  std::shared_ptr<PackBuilder> current_;
};

std::vector<Candidate> DirectoryPackStore::candidates(const RecordName& name) {
  std::vector<Candidate> found;
  const auto add_all = [&](const std::shared_ptr<PackBuilder>& builder) {
    for (const RecordPlace& place : builder->find(name)) found.push_back({builder, place});
  };
  {
    const std::shared_lock lock(builders_mutex_);
    add_all(current_);
    for (auto it = flushed_.rbegin(); it != flushed_.rend(); ++it) add_all(*it);
  }
  if (directory_) {
    for (PackMatch& match : packs().find(name)) found.push_back({std::move(match.pack), match.place});
  }
  return found;
}

bool DirectoryPackStore::has(const RecordName& name) {
  const std::vector<Candidate> found = candidates(name);
  return std::any_of(found.begin(), found.end(), [](const Candidate& candidate) {
    return !candidate.layer->is_broken(candidate.place.block);
  });
}

std::optional<std::string> DirectoryPackStore::read_newest(const RecordName& name) {
  for (const Candidate& candidate : candidates(name)) {
    std::optional<std::string> bytes = candidate.layer->read(name.key, candidate.place);
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
  note_use(kind, key);
  // Read, not only looked up: a record that turns out to be damaged is healed by this one.
  if (read_newest(name) == bytes) return;
  // Held while adding: a flush must not finish a pack that still grows.
  const std::shared_lock lock(builders_mutex_);
  current_->add(kind, key, bytes);
}

// Interfaces and touched symbols are of use when the manifests that name them are.
void DirectoryPackStore::note_use(RecordKind kind, const graph::Digest& key) {
  if (kind == RecordKind::kInterface || kind == RecordKind::kTouched) return;
  const std::lock_guard lock(uses_mutex_);
  uses_.push_back(key_start(key));
}

void DirectoryPackStore::note_run(const ProjectRun& run) {
  if (!directory_ || access_ == Access::kReadOnly || directory_->uses() == nullptr) return;
  if (run.repeated && note_repetition(*directory_->uses(), run)) return;
  const std::lock_guard one_flush(flush_mutex_);
  const std::lock_guard lock(uses_mutex_);
  const std::uint64_t bytes = std::min((limit_ ? *limit_ : StoreLimit()).bytes / kUsesPart, kLargestUses);
  runner::note_run(*directory_->uses(), run, uses_, bytes / sizeof(std::uint64_t));
}

void DirectoryPackStore::flush() {
  if (!directory_ || access_ == Access::kReadOnly) return;
  const std::lock_guard one_flush(flush_mutex_);
  {
    const std::unique_lock lock(builders_mutex_);
    if (!current_->empty()) {
      unpublished_.push_back(current_);
      flushed_.push_back(current_);
      current_ = new_builder();
    }
  }
  const bool anything = !unpublished_.empty();
  if (anything) ask_for_limit();
  // In order: what comes later may name what came before.
  while (!unpublished_.empty()) {
    const bool published = publish(*unpublished_.front());
    // Others need not wait for what they will never find.
    for (const graph::Digest& key : unpublished_.front()->keys_of(RecordKind::kManifest)) release(key);
    if (!published) return;
    unpublished_.erase(unpublished_.begin());
  }
  heal();
  if (!anything) return;
  const std::optional<FileHandle> lock = directory_->try_lock();
  if (!lock) return;
  directory_->remove_abandoned();
  if (const auto error = PackCollection(*directory_, *limit_).merge_small_packs()) note(*error);
}

bool DirectoryPackStore::publish(PackBuilder& builder) {
  if (packs().any_vanished()) bring_along(builder);
  for (const PackImage& image : builder.finish(limit_->largest_pack())) {
    if (!publish(image)) return false;
  }
  return true;
}

bool DirectoryPackStore::publish(const PackImage& image) {
  if (image.size() > std::max(limit_->largest_pack(), limit_->largest_record())) {
    note({"its limit of " + size_text(limit_->bytes) + " is too small for what this run found",
          "give more with --store-limit"});
    return false;
  }
  const auto deadline = std::chrono::steady_clock::now() + kRoomPatience;
  int in_vain = 0;
  for (;;) {
    const auto name = directory_->publish(image, now_ns(), limit_->bytes);
    if (!name) {
      note(name.error());
      return false;
    }
    if (*name) {
      packs().leave_out(**name);
      return true;
    }
    if (!make_room(image.size())) ++in_vain;
    if (in_vain == kTriesForRoom || std::chrono::steady_clock::now() > deadline) {
      note({"there is no room for what this run found within its limit of " + size_text(limit_->bytes),
            "give more with --store-limit"});
      return false;
    }
  }
}

// Waits when somebody else is at it. False if it changed nothing.
bool DirectoryPackStore::make_room(std::uint64_t bytes) {
  const std::optional<FileHandle> lock = directory_->try_lock();
  if (!lock) {
    std::this_thread::sleep_for(kRoomPause);
    return true;
  }
  const std::uint64_t target = limit_->after_collection() - std::min(limit_->after_collection(), bytes);
  if (directory_->used_bytes() <= target) return true;
  const PackCollection::Result result = PackCollection(*directory_, *limit_).collect(target, false);
  if (result.trouble) note(*result.trouble);
  if (result.bytes_after < result.bytes_before) return true;
  // Others may be about to use what they claimed.
  std::this_thread::sleep_for(kRoomPause);
  return false;
}

// Somebody removed packs: what the new results name and only those had is put beside them.
void DirectoryPackStore::bring_along(PackBuilder& builder) {
  std::atomic<std::uint64_t> corrupt{0};
  const PackSet present(context(corrupt));
  for (const graph::Digest& key : builder.keys_of(RecordKind::kManifest)) {
    const RecordName manifest{RecordKind::kManifest, key};
    for (const RecordPlace& place : builder.find(manifest)) {
      const std::optional<std::string> entry = builder.read(place);
      const auto interfaces = entry ? interfaces_of_entry(*entry) : std::nullopt;
      if (!interfaces) continue;
      for (const graph::Digest& digest : *interfaces) {
        const RecordName name{RecordKind::kInterface, digest};
        if (builder.contains(name) || !present.find(name).empty()) continue;
        if (const auto bytes = read_newest(name)) builder.add(name.kind, name.key, *bytes);
      }
    }
  }
}

// Packs in which something was found damaged give way to what is good of them.
void DirectoryPackStore::heal() {
  if (!opened_) return;
  std::vector<std::string> damaged;
  for (const auto& [name, pack] : packs_->packs()) {
    if (pack->has_broken_block() && healed_.insert(name).second) damaged.push_back(name);
  }
  if (damaged.empty()) return;
  const std::optional<FileHandle> lock = directory_->try_lock();
  if (!lock) return;
  ask_for_limit();
  if (const auto error = PackCollection(*directory_, *limit_).merge(damaged, Contents::kDistrust))
    note(*error);
}

}  // namespace

std::unique_ptr<PackStore> PackStore::open(const std::filesystem::path& directory, Access access,
                                           std::function<StoreLimit()> limit) {
  return std::make_unique<DirectoryPackStore>(directory, access, std::move(limit));
}

}  // namespace runner

#include "runner/pack_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace runner {
namespace {

// How often a directory is listed again because a pack vanished between listing and opening.
constexpr int kListings = 5;
// Beyond these, packs that came later and are gone again are closed: descriptors are few.
constexpr std::size_t kManyLaterPacks = 32;
// A directory changed so recently may change again without its time telling.
constexpr std::int64_t kClockTickNs = 20'000'000;

}  // namespace

std::unique_ptr<PackReader> open_reader(const std::string& name, const PackSet::Context& context) {
  graph::Result<std::unique_ptr<const PackBytes>> bytes = context.directory.open_pack(name);
  if (!bytes) {
    if (context.directory.is_displaced(name)) {
      ++context.corrupt;
      if (context.remove_corrupt) context.directory.remove(name);
    } else {
      context.note(bytes.error());
    }
    return nullptr;
  }
  if (!*bytes) return nullptr;
  PackIndex index;
  switch (read_index(**bytes, index)) {
    case PackCondition::kGood:
      return std::make_unique<PackReader>(std::move(*bytes), std::move(index), context.next_layer++,
                                          context.caches, context.corrupt);
    case PackCondition::kUnreadable:
      context.note({"cannot read " + context.directory.path_of(name), "check the disk, or delete the file"});
      break;
    case PackCondition::kForeign:  // packs of another version lie in a directory of their own
    case PackCondition::kCorrupt:
      ++context.corrupt;
      if (context.remove_corrupt) context.directory.remove(name);
      break;
  }
  return nullptr;
}

PackSet::PackSet(Context context) : context_(std::move(context)) {
  Generation first = open_new();
  first.table = table_of(first.packs);
  generations_.push_back(std::move(first));
}

void PackSet::refresh() {
  const std::lock_guard one(refresh_mutex_);
  const std::int64_t changed = context_.directory.changed_ns();
  if (changed == seen_ns_) return;
  const auto now = static_cast<std::int64_t>(now_ns());
  seen_ns_ = changed < now && now - changed < kClockTickNs ? 0 : changed;
  Generation fresh = open_new();
  if (fresh.packs.empty()) return;
  fresh.table = table_of(fresh.packs);
  const std::unique_lock lock(mutex_);
  generations_.push_back(std::move(fresh));
}

bool PackSet::has_grown() const {
  const std::shared_lock lock(mutex_);
  return generations_.size() > 1;
}

// A pack that vanished was consolidated or collected: what is left of it is in packs that a new listing
// shows. Only what is in one listing is used, for packs name records of others.
PackSet::Generation PackSet::open_new() {
  std::vector<std::pair<std::string, Pack>> opened;
  std::vector<std::string> names = context_.directory.list();
  for (int listing = 1;; ++listing) {
    for (const std::string& name : names) {
      if (!known_.insert(name).second) continue;
      if (Pack pack = open_pack(name)) opened.emplace_back(name, std::move(pack));
    }
    std::vector<std::string> again = context_.directory.list();
    const bool stable = again == names;
    names = std::move(again);
    if (stable || listing == kListings) break;
  }
  std::erase_if(opened, [&](const auto& one) {
    return !std::binary_search(names.begin(), names.end(), one.first, std::greater<>());
  });
  drop_vanished(names);
  std::sort(opened.begin(), opened.end(), std::greater<>());
  Generation generation;
  for (auto& [name, pack] : opened) {
    generation.names.push_back(name);
    generation.packs.push_back(std::move(pack));
  }
  return generation;
}

// Needs refresh_mutex_. The packs of the start stay whatever happens: their records were counted on.
void PackSet::drop_vanished(const std::vector<std::string>& listed) {
  std::size_t later = 0;
  for (std::size_t i = 1; i < generations_.size(); ++i) later += generations_[i].packs.size();
  if (later < kManyLaterPacks) return;
  Generation merged;
  std::vector<std::pair<std::string, Pack>> stay;
  for (std::size_t i = 1; i < generations_.size(); ++i) {
    for (std::size_t k = 0; k < generations_[i].names.size(); ++k) {
      const std::string& name = generations_[i].names[k];
      if (std::binary_search(listed.begin(), listed.end(), name, std::greater<>()))
        stay.emplace_back(name, generations_[i].packs[k]);
    }
  }
  std::sort(stay.begin(), stay.end(), std::greater<>());
  for (auto& [name, pack] : stay) {
    merged.names.push_back(name);
    merged.packs.push_back(std::move(pack));
  }
  merged.table = table_of(merged.packs);
  const std::unique_lock lock(mutex_);
  generations_.resize(1);
  generations_.push_back(std::move(merged));
}

PackSet::Pack PackSet::open_pack(const std::string& name) {
  return open_reader(name, context_);
}

std::unique_ptr<const RecordTable> PackSet::table_of(const std::vector<Pack>& packs) {
  return std::make_unique<const RecordTable>(packs);
}

void PackSet::leave_out(const std::string& name) {
  const std::lock_guard one(refresh_mutex_);
  known_.insert(name);
  left_out_.insert(name);
}

std::vector<PackMatch> PackSet::find(const RecordName& name) const {
  std::vector<PackMatch> found;
  const std::shared_lock lock(mutex_);
  for (auto generation = generations_.rbegin(); generation != generations_.rend(); ++generation) {
    generation->table->visit(name, [&](const RecordTable::Match& match) {
      found.push_back({match.pack, place_of(*match.record)});
      return true;
    });
  }
  return found;
}

std::vector<std::pair<std::string, std::shared_ptr<PackReader>>> PackSet::packs() const {
  std::vector<std::pair<std::string, Pack>> all;
  const std::shared_lock lock(mutex_);
  for (const Generation& generation : generations_) {
    for (std::size_t i = 0; i < generation.names.size(); ++i) {
      all.emplace_back(generation.names[i], generation.packs[i]);
    }
  }
  std::sort(all.begin(), all.end(), std::greater<>());
  return all;
}

bool PackSet::any_vanished() const {
  const std::vector<std::string> listed = context_.directory.list();
  const auto gone = [&](const std::string& name) {
    return !std::binary_search(listed.begin(), listed.end(), name, std::greater<>());
  };
  const std::lock_guard one(refresh_mutex_);
  const std::shared_lock lock(mutex_);
  if (std::any_of(left_out_.begin(), left_out_.end(), gone)) return true;
  return std::any_of(generations_.begin(), generations_.end(), [&](const Generation& generation) {
    return std::any_of(generation.names.begin(), generation.names.end(), gone);
  });
}

}  // namespace runner

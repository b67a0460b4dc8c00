#include "runner/pack_collection.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "runner/pack_set.h"
#include "runner/project_uses.h"

namespace runner {
namespace {

constexpr std::size_t kManyPacks = 12;
// A pack of more than so many times the size of all smaller ones together is not written again for them.
constexpr std::uint64_t kOutweighs = 4;
// A pack of which less than this part is of no use stays as it is.
constexpr std::uint64_t kWorthRewriting = 20;

}  // namespace

// Packs opened for one collection, with what they refer to.
struct PackCollection::Opened {
  Opened(const PackDirectory& directory, std::vector<std::string> names,
         std::optional<graph::Error>& trouble) {
    const PackSet::Context context{.directory = directory,
                                   .caches = caches,
                                   .next_layer = next_layer,
                                   .corrupt = corrupt,
                                   .remove_corrupt = true,
                                   .note = [&trouble](const graph::Error& error) {
                                     if (!trouble) trouble = error;
                                   }};
    for (std::string& name : names) {
      std::shared_ptr<PackReader> reader = open_reader(name, context);
      const auto written = static_cast<std::int64_t>(pack_time_ns(name));
      if (reader) packs.push_back({std::move(name), std::move(reader), written});
    }
  }

  BlockCaches caches;
  std::atomic<std::uint32_t> next_layer{0};
  std::atomic<std::uint64_t> corrupt{0};
  std::vector<CountedPack> packs;
};

std::optional<graph::Error> PackCollection::merge(const std::vector<std::string>& names, Contents contents) {
  trouble_.reset();
  ceiling_ = limit_.while_collecting();
  Opened opened(directory_, names, trouble_);
  std::vector<std::size_t> members(opened.packs.size());
  for (std::size_t i = 0; i < members.size(); ++i) members[i] = i;
  if (!members.empty()) replace(opened.packs, members, nullptr, opened.caches, contents);
  return trouble_;
}

std::optional<graph::Error> PackCollection::merge_small_packs() {
  std::vector<std::pair<std::uint64_t, std::string>> by_size;
  for (const std::string& name : directory_.list()) {
    const auto bytes = directory_.open_pack(name);
    if (bytes && *bytes && (*bytes)->size() < limit_.small_pack())
      by_size.emplace_back((*bytes)->size(), name);
  }
  if (by_size.size() <= kManyPacks) return std::nullopt;
  std::sort(by_size.begin(), by_size.end());
  std::uint64_t total = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < by_size.size(); ++i) {
    const std::uint64_t size = by_size[i].first;
    if (total + size > limit_.largest_pack()) break;
    if (i > 0 && size <= kOutweighs * total) count = i + 1;
    total += size;
  }
  if (count < 2) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(by_size[i].second);
  std::sort(names.begin(), names.end(), std::greater<>());
  return merge(names);
}

// The new packs are there before the old ones go.
bool PackCollection::replace(const std::vector<CountedPack>& packs, const std::vector<std::size_t>& members,
                             const LiveRecords* live, BlockCaches& caches, Contents contents) {
  std::vector<std::shared_ptr<PackReader>> readers;
  for (const std::size_t member : members) readers.push_back(packs[member].reader);
  KeepRecord keep;
  if (live != nullptr) {
    keep = [&](std::size_t pack, std::uint32_t record) { return live->kept(members[pack], record); };
  }
  PackBuilder merged(static_cast<std::uint32_t>(packs.size()), caches);
  merge_packs(readers, merged, keep, contents);
  if (!merged.empty()) {
    std::uint64_t time = pack_time_ns(packs[members.front()].name);
    std::vector<std::string> names;
    for (const PackImage& image : merged.finish(limit_.largest_pack())) {
      const auto published = directory_.publish(image, time++, ceiling_);
      if (!published) trouble_ = published.error();
      if (!published || !*published) {
        for (const std::string& name : names) directory_.remove(name);
        return false;
      }
      names.push_back(**published);
    }
  }
  for (const std::size_t member : members) directory_.remove(packs[member].name);
  return true;
}

PackCollection::Result PackCollection::collect(std::uint64_t bytes, bool thorough) {
  Result result = collect_once(bytes, thorough);
  // Packs that stayed as they were may have kept alive what was to go.
  const bool enough = result.complete && (thorough || result.bytes_after <= bytes);
  if (enough || result.trouble) return result;
  const Result again = collect_once(bytes, true);
  result.bytes_after = again.bytes_after;
  result.records_removed += again.records_removed;
  result.trouble = again.trouble;
  return result;
}

PackCollection::Result PackCollection::collect_once(std::uint64_t bytes, bool thorough) {
  trouble_.reset();
  directory_.remove_abandoned();
  Result result;
  result.bytes_before = directory_.used_bytes();
  // A limit that was lowered: the store is above it already, and the packs may be larger than they should be.
  const bool lowered = result.bytes_before > limit_.while_collecting();
  ceiling_ = lowered ? result.bytes_before + result.bytes_before / 2 : limit_.while_collecting();
  Opened opened(directory_, directory_.list(), trouble_);
  const std::vector<CountedPack>& packs = opened.packs;
  std::vector<NamedUses> projects;
  if (directory_.uses() != nullptr) projects = read_uses(*directory_.uses(), true);
  LiveRecords live(packs, last_uses(projects), static_cast<std::int64_t>(now_ns()));
  std::uint64_t in_packs = 0;
  for (const CountedPack& pack : packs) in_packs += pack.reader->size();
  // What is no pack cannot be helped; what is half empty costs more than its records.
  const std::uint64_t rest = result.bytes_before - std::min(result.bytes_before, in_packs);
  const std::uint64_t room = bytes - std::min(bytes, rest);
  live.keep_within(room - room / 16);

  std::vector<std::size_t> order;  // of the packs worth rewriting, the emptiest first
  for (std::size_t i = 0; i < packs.size(); ++i) {
    const std::uint64_t all = live.all_bytes(i);
    const std::uint64_t dead = all - live.kept_bytes(i);
    if (thorough ? dead > 0 || all == 0 : dead * kWorthRewriting >= all) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return live.kept_bytes(left) * live.all_bytes(right) < live.kept_bytes(right) * live.all_bytes(left);
  });
  std::uint64_t expected = in_packs;
  std::size_t count = 0;
  for (; count < order.size() && (thorough || expected > room); ++count) {
    expected -= live.all_bytes(order[count]) - live.kept_bytes(order[count]);
  }
  order.resize(count);
  // Newest first: a pack names records of older ones, never of younger ones.
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (!std::binary_search(order.begin(), order.end(), i)) live.keep_pack(i);
  }

  const auto remove_dead = [&] {
    for (const std::size_t i : order) {
      if (live.kept_bytes(i) == 0) directory_.remove(packs[i].name);
    }
  };
  std::vector<std::size_t> group;
  std::uint64_t group_bytes = 0;
  const auto finish_group = [&] {
    group_bytes = 0;
    const std::vector<std::size_t> members = std::exchange(group, {});
    if (members.empty() || replace(packs, members, &live, opened.caches) || trouble_) return;
    remove_dead();
    if (replace(packs, members, &live, opened.caches) || trouble_) return;
    // No room at all for what is to stay: it goes, too.
    for (const std::size_t member : members) directory_.remove(packs[member].name);
    result.complete = false;
  };
  for (const std::size_t i : order) {
    if (group_bytes + live.kept_bytes(i) > limit_.largest_pack()) finish_group();
    group.push_back(i);
    group_bytes += live.kept_bytes(i);
    if (trouble_) break;
  }
  finish_group();
  result.records_before = live.record_count();
  result.records_removed = live.record_count() - live.kept_count();
  result.bytes_after = directory_.used_bytes();
  result.trouble = trouble_;
  return result;
}

}  // namespace runner

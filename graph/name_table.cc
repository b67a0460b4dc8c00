#include "graph/name_table.h"

#include <cstring>
#include <functional>

#include "graph/result.h"

namespace graph {
namespace {

constexpr std::size_t kBlockSize = std::size_t{1} << 16;
constexpr std::size_t kFirstSlots = std::size_t{1} << 14;
constexpr std::size_t kRecentNames = std::size_t{1} << 12;

std::uint64_t hash_of(std::uint32_t parent, std::string_view part) {
  std::uint64_t hash = std::hash<std::string_view>{}(part) ^ (parent * 0x9e3779b97f4a7c15ULL);
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93ULL;
  return hash ^ (hash >> 32);
}

}  // namespace

NameTable::NameTable() : recent_(kRecentNames, kNone), slots_(kFirstSlots, kNone) {}

NameId NameTable::intern(std::string_view name) {
  std::uint32_t& recent = recent_[std::hash<std::string_view>{}(name) % kRecentNames];
  if (recent != kNone && entries_[recent].text == name) return NameId{recent};
  std::uint32_t parent = kNone;
  for (std::string_view rest = name;;) {
    const std::size_t dot = rest.find('.');
    const NameId id = find_or_add(parent, rest.substr(0, dot));
    if (dot == std::string_view::npos) {
      recent = id.value;
      return id;
    }
    parent = id.value;
    rest.remove_prefix(dot + 1);
  }
}

NameId NameTable::intern_child(NameId parent, std::string_view part) {
  return find_or_add(parent.value, part);
}

NameId NameTable::find_or_add(std::uint32_t parent, std::string_view part) {
  const std::uint64_t hash = hash_of(parent, part);
  std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != kNone; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot]];
    if (entry.hash == hash && entry.parent == parent && entry.text.substr(entry.part_offset) == part) {
      return NameId{slots_[slot]};
    }
  }
  INVARIANT(entries_.size() < kNone, "names are numbered with 32 bits");
  const std::uint32_t id = static_cast<std::uint32_t>(entries_.size());
  const std::string_view text = store(parent, part);
  entries_.push_back(Entry{.text = text,
                           .parent = parent,
                           .dots = parent == kNone ? 0 : entries_[parent].dots + 1,
                           .part_offset = static_cast<std::uint32_t>(text.size() - part.size()),
                           .hash = hash});
  slots_[slot] = id;
  if (entries_.size() * 2 > slots_.size()) grow();
  return NameId{id};
}

std::string_view NameTable::store(std::uint32_t parent, std::string_view part) {
  const std::string_view before = parent == kNone ? std::string_view{} : entries_[parent].text;
  const std::size_t size = before.size() + part.size() + (parent == kNone ? 0 : 1);
  if (size == 0) return {};
  if (size > block_left_) {
    block_left_ = size > kBlockSize ? size : kBlockSize;
    blocks_.push_back(std::make_unique<char[]>(block_left_));
    block_next_ = blocks_.back().get();
  }
  char* const begin = block_next_;
  char* out = begin;
  if (parent != kNone) {
    if (!before.empty()) std::memcpy(out, before.data(), before.size());
    out += before.size();
    *out++ = '.';
  }
  if (!part.empty()) std::memcpy(out, part.data(), part.size());
  block_next_ += size;
  block_left_ -= size;
  return {begin, size};
}

void NameTable::grow() {
  std::vector<std::uint32_t> slots(slots_.size() * 2, kNone);
  const std::size_t mask = slots.size() - 1;
  for (std::uint32_t id = 0; id < entries_.size(); ++id) {
    std::size_t slot = entries_[id].hash & mask;
    while (slots[slot] != kNone) slot = (slot + 1) & mask;
    slots[slot] = id;
  }
  slots_.swap(slots);
}

}  // namespace graph

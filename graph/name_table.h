// Dotted names as small numbers, so that the loader compares and marks names without touching their text.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace graph {

struct NameId {
  std::uint32_t value = 0;
  auto operator<=>(const NameId&) const = default;
};

// Interns names as paths in a tree of their dotted parts: the parent of an interned name is interned too.
class NameTable {
 public:
  NameTable();

  NameId intern(std::string_view name);
  // The name `parent` + "." + `part`; `part` holds no dot.
  NameId intern_child(NameId parent, std::string_view part);

  std::size_t size() const { return entries_.size(); }
  // Valid as long as the table.
  std::string_view text(NameId name) const { return entries_[name.value].text; }
  std::uint32_t dots(NameId name) const { return entries_[name.value].dots; }
  bool has_parent(NameId name) const { return entries_[name.value].parent != kNone; }
  // The name without its last part; only of a name that has a dot.
  NameId parent(NameId name) const { return NameId{entries_[name.value].parent}; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Entry {
    std::string_view text;
    std::uint32_t parent = kNone;
    std::uint32_t dots = 0;
    std::uint32_t part_offset = 0;  // where the last part starts in the text
    std::uint64_t hash = 0;
  };

  NameId find_or_add(std::uint32_t parent, std::string_view part);
  std::string_view store(std::uint32_t parent, std::string_view part);
  void grow();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> recent_;  // ids of whole names by the low bits of their hash; kNone is free
  std::vector<std::uint32_t> slots_;   // open addressing, a power of two; kNone is free
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_left_ = 0;
  char* block_next_ = nullptr;
};

}  // namespace graph

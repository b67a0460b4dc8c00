// Numbers strings, each once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

// Ids count from 0 and never change. Looking up by id is safe from several threads as long as none interns.
class StringTable {
 public:
  StringTable() = default;
  // Starts with strings that are kept elsewhere and outlive the table.
  explicit StringTable(std::vector<std::string_view> strings) : strings_(std::move(strings)) {}
  StringTable(StringTable&&) noexcept = default;
  StringTable& operator=(StringTable&&) noexcept = default;
  // A table that starts with these strings, which stay here.
  StringTable extension() const { return StringTable(strings_); }

  std::size_t size() const { return strings_.size(); }
  const std::string_view& operator[](std::uint32_t id) const { return strings_[id]; }
  std::uint32_t intern(std::string_view text);

 private:
  void grow();
  void place(std::uint32_t id);

  std::vector<std::string_view> strings_;
  std::deque<std::string> own_;
  std::vector<std::uint32_t> slots_;  // id + 1, open addressing; made by the first intern()
};

}  // namespace runner

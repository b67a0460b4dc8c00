#include "graph/byte_codec.h"

#include <algorithm>

namespace graph {
namespace {

constexpr std::size_t kMaxShared = 255;
// All names of a list together: beyond what a repository has, and what a few hostile megabytes may claim.
constexpr std::size_t kLargestList = std::size_t{512} << 20;

std::size_t shared_prefix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min({a.size(), b.size(), kMaxShared});
  std::size_t shared = 0;
  while (shared < limit && a[shared] == b[shared]) ++shared;
  return shared;
}

}  // namespace

void write_names(ByteWriter& out, const std::vector<std::string>& names) {
  NameWriter writer(out, names.size());
  for (const std::string& name : names) writer.add(name);
}

void NameWriter::add(std::string_view name) {
  const std::size_t shared = shared_prefix(previous_, name);
  out_.fixed(static_cast<std::uint8_t>(shared));
  out_.string(name.substr(shared));
  previous_ = name;
}

NameArena read_name_arena(ByteReader& in) {
  static constexpr std::size_t kUsualName = 64;
  static constexpr std::size_t kLeastBytes = 2;
  const std::size_t size = in.count(kLeastBytes);
  NameArena names;
  names.begins_.reserve(size);
  std::string& bytes = names.bytes_;
  bytes.reserve(std::min(size * kUsualName, kLargestList));
  std::size_t previous = 0;
  std::size_t previous_size = 0;
  std::size_t total = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shared = in.fixed<std::uint8_t>();
    const std::string_view suffix = in.string();
    if (!in.ok() || shared > previous_size) {
      in.fail();
      return {};
    }
    total += shared + suffix.size();
    // Where the shared bytes end, the names differ, one of them ends, or no more can be said to be shared.
    const bool canonical = shared == kMaxShared || shared == previous_size || suffix.empty() ||
                           bytes[previous + shared] != suffix.front();
    if (total > kLargestList || !canonical) {
      in.fail();
      return {};
    }
    const std::size_t begin = bytes.size();
    bytes.append(bytes, previous, shared).append(suffix).push_back('\0');
    names.begins_.push_back(begin);
    previous = begin;
    previous_size = shared + suffix.size();
  }
  return names;
}

std::vector<std::string> read_names(ByteReader& in) {
  const NameArena arena = read_name_arena(in);
  std::vector<std::string> names;
  names.reserve(arena.size());
  for (std::size_t i = 0; i < arena.size(); ++i) names.emplace_back(arena[i]);
  return names;
}

}  // namespace graph

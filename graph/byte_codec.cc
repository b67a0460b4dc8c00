#include "graph/byte_codec.h"

#include <algorithm>
#include <utility>

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
  out.varint(names.size());
  std::string_view previous;
  for (const std::string& name : names) {
    const std::size_t shared = shared_prefix(previous, name);
    out.fixed(static_cast<std::uint8_t>(shared));
    out.string(std::string_view(name).substr(shared));
    previous = name;
  }
}

std::vector<std::string> read_names(ByteReader& in) {
  static constexpr std::size_t kLeastBytes = 2;
  const std::size_t size = in.count(kLeastBytes);
  std::vector<std::string> names;
  names.reserve(size);
  std::string_view previous;
  std::size_t total = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t shared = in.fixed<std::uint8_t>();
    const std::string_view suffix = in.string();
    if (!in.ok() || shared > previous.size()) {
      in.fail();
      return {};
    }
    total += shared + suffix.size();
    if (total > kLargestList) {
      in.fail();
      return {};
    }
    std::string name;
    name.reserve(shared + suffix.size());
    name.append(previous.substr(0, shared)).append(suffix);
    if (shared_prefix(previous, name) != shared) {
      in.fail();
      return {};
    }
    previous = names.emplace_back(std::move(name));
  }
  return names;
}

}  // namespace graph

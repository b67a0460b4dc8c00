#include "graph/disk_observations.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "graph/disk_file_system.h"
#include "graph/regular_file.h"

namespace graph {
namespace {

// How many look-ups a thread takes at a time.
constexpr std::size_t kStep = 256;

bool can_matter(const DirectoryEntry& entry) {
  return always_matters(entry.name) || (entry.kind != FileKind::kFile && !entry.name.starts_with('.'));
}

bool holds(const SeenDirectory& seen) {
  FileStat stat;
  if (!stat_file(seen.path, stat)) return false;
  if (seen.stat && *seen.stat == stat) return true;
  DiskFileSystem fresh;
  const auto* entries = fresh.list(seen.path);
  return entries != nullptr && digest_of_entries(*entries) == seen.entries;
}

bool holds(const SeenPath& seen) {
  return kind_on_disk(seen.path) == seen.kind;
}

bool holds(const SeenFile& seen) {
  FileStat stat;
  return stat_file(seen.path, stat) && stat == seen.stat;
}

}  // namespace

bool always_matters(std::string_view name) {
  return !name.starts_with('.') && (name.ends_with(".py") || name.ends_with(".pyi") || name == "py.typed");
}

Digest digest_of_entries(const std::vector<DirectoryEntry>& entries) {
  DigestBuilder builder;
  for (const DirectoryEntry& entry : entries) {
    if (can_matter(entry)) builder.field(entry.name, static_cast<std::uint64_t>(entry.kind));
  }
  return builder.finish();
}

bool still_hold(const DiskObservations& observations, unsigned threads) {
  if (!observations.complete) return false;
  const std::size_t directories = observations.directories.size();
  const std::size_t paths = directories + observations.paths.size();
  const std::size_t all = paths + observations.files.size();
  std::atomic<bool> hold = true;
  std::atomic<std::size_t> next = 0;
  const auto look = [&] {
    for (std::size_t begin = next.fetch_add(kStep); begin < all && hold; begin = next.fetch_add(kStep)) {
      for (std::size_t i = begin; i < std::min(begin + kStep, all); ++i) {
        const bool same = i < directories ? holds(observations.directories[i])
                          : i < paths     ? holds(observations.paths[i - directories])
                                          : holds(observations.files[i - paths]);
        if (!same) hold = false;
      }
    }
  };
  std::vector<std::jthread> helpers;
  try {
    for (std::size_t i = 1; i < threads && i * kStep < all; ++i) helpers.emplace_back(look);
  } catch (const std::system_error&) {
    // No more threads to be had: those there are do all the work.
  }
  look();
  helpers.clear();
  return hold;
}

}  // namespace graph

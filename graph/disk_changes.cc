#include "graph/disk_changes.h"

#include <atomic>
#include <limits>

#include "graph/disk_file_system.h"
#include "graph/regular_file.h"
#include "graph/shared_range.h"

namespace graph {
namespace {

// How many look-ups a thread takes at a time.
constexpr std::size_t kStep = 256;

bool changed(const SeenDirectory& seen) {
  FileStat stat;
  if (!stat_file(seen.path, stat)) return true;
  if (seen.stat && *seen.stat == stat) return false;
  DiskFileSystem fresh;
  const auto* entries = fresh.list(seen.path);
  return entries == nullptr || digest_of_entries(*entries) != seen.entries;
}

bool changed(const SeenPath& seen) {
  return kind_on_disk(seen.path) != seen.kind;
}

bool changed(const SeenFile& seen) {
  FileStat stat;  // stays empty for what is not there
  stat_file(seen.path, stat);
  if (stat == seen.stat) return false;
  // No stat speaks for what could not be read, or changed while it was.
  return seen.stat != FileStat{} || read_file(seen.path).error.empty();
}

}  // namespace

std::optional<std::string> find_change(const DiskObservations& seen, unsigned threads) {
  const std::size_t files = seen.files.size();
  const std::size_t directories = files + seen.directories.size();
  const std::size_t all = directories + seen.paths.size();
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::atomic<std::size_t> first = kNone;
  SharedRange range(all, kStep);
  range.run(threads, [&] {
    while (const auto piece = first == kNone ? range.take() : std::nullopt) {
      for (std::size_t i = piece->begin; i < piece->end; ++i) {
        const bool differs = i < files         ? changed(seen.files[i])
                             : i < directories ? changed(seen.directories[i - files])
                                               : changed(seen.paths[i - directories]);
        if (!differs) continue;
        first = i;
        break;
      }
    }
  });
  const std::size_t found = first;
  if (found == kNone) return std::nullopt;
  return found < files         ? seen.files[found].path
         : found < directories ? seen.directories[found - files].path
                               : seen.paths[found - directories].path;
}

}  // namespace graph

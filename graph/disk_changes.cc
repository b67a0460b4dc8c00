#include "graph/disk_changes.h"

#include "graph/disk_file_system.h"
#include "graph/regular_file.h"

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

ChangeSearch::ChangeSearch(const DiskObservations& seen, Extent extent)
    : seen_(seen),
      begin_(extent == Extent::kPaths ? seen.files.size() + seen.directories.size() : 0),
      range_(seen.files.size() + seen.directories.size() + seen.paths.size() - begin_, kStep) {}

// Files, then directories, then paths.
bool ChangeSearch::differs(std::size_t number) const {
  if (number < seen_.files.size()) return changed(seen_.files[number]);
  number -= seen_.files.size();
  if (number < seen_.directories.size()) return changed(seen_.directories[number]);
  return changed(seen_.paths[number - seen_.directories.size()]);
}

void ChangeSearch::help() {
  while (const auto piece = first_ == kNone ? range_.take() : std::nullopt) {
    for (std::size_t i = begin_ + piece->begin; i < begin_ + piece->end; ++i) {
      if (!differs(i)) continue;
      first_ = i;
      break;
    }
  }
}

std::optional<std::string> ChangeSearch::found() const {
  std::size_t number = first_;
  if (number == kNone) return std::nullopt;
  if (number < seen_.files.size()) return seen_.files[number].path;
  number -= seen_.files.size();
  if (number < seen_.directories.size()) return seen_.directories[number].path;
  return seen_.paths[number - seen_.directories.size()].path;
}

}  // namespace graph

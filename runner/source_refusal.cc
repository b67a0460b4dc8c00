#include "runner/source_refusal.h"

#include <sys/stat.h>

#include <string>

#include "graph/regular_file.h"
#include "runner/shown_path.h"

namespace runner {
namespace {

// What is wrong with it; null if nothing is.
const char* trouble_with(const std::string& path) {
  graph::FileStat stat;
  if (path.starts_with("/dev/") || path.starts_with("/proc/") || !graph::stat_file(path, stat))
    return nullptr;
  if (S_ISFIFO(stat.mode)) return "is a pipe";
  if (S_ISCHR(stat.mode) || S_ISBLK(stat.mode)) return "is a device";
  if (graph::is_regular(stat) && stat.size > graph::kLargestFile) return "is larger than 1 GB";
  return nullptr;
}

}  // namespace

std::optional<graph::Error> refuse_sources(const std::vector<graph::Source>& sources) {
  for (const graph::Source& source : sources) {
    if (const char* trouble = trouble_with(source.path)) {
      return graph::Error{normalized_path(source.path) + " " + trouble + ", which cannot be checked",
                          "remove it, or --exclude it"};
    }
  }
  return std::nullopt;
}

}  // namespace runner

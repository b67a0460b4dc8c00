// What of a file's imports decides about the module graph, apart from the lines they stand on: to tell
// whether an edit can have changed more of a graph than line numbers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "graph/digest.h"
#include "graph/import_scanner.h"

namespace graph {

struct ImportShape {
  Digest digest;                     // of everything but lines and words
  std::vector<std::uint32_t> lines;  // one for each import, in the scan's order

  bool operator==(const ImportShape&) const = default;
};

ImportShape import_shape(const ImportScan& scan);

// Line before -> line now.
using MovedLines = std::map<std::uint32_t, std::uint32_t>;

// Where the lines of imports went between two scans whose digests are equal. Nothing when a graph would
// differ in more: imports of one line went apart, or one moved from or to the first line, on which implicit
// imports stand.
std::optional<MovedLines> moved_lines(const ImportShape& before, const ImportShape& now);

}  // namespace graph

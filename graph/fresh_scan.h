// The scan of a file as it lies on the disk now.
#pragma once

#include <string>
#include <string_view>

#include "graph/import_scanner.h"
#include "graph/module_graph.h"
#include "graph/scan_memory.h"

namespace graph {

struct FreshScan {
  ScannedFile file;
  FileStat stat;                   // from before reading
  bool worth_remembering = false;  // the stat describes what was read
};

FreshScan scan_from_disk(const std::string& path, const ScanTarget& target);

ScannedFile scanned(std::string_view text, const ScanTarget& target);

}  // namespace graph

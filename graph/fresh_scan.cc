#include "graph/fresh_scan.h"

#include <utility>

#include "graph/regular_file.h"

namespace graph {

ScannedFile scanned(std::string_view text, const ScanTarget& target) {
  ScannedFile file;
  file.digest = sha256(text);
  file.sha1 = sha1(text);
  file.size = text.size();
  SourceScan found = scan_source(text, target);
  file.scan = std::move(found.imports);
  file.code = found.digests ? found.digests->code : file.digest;
  file.shape = found.digests ? found.digests->shape : file.digest;
  return file;
}

FreshScan scan_from_disk(const std::string& path, const ScanTarget& target) {
  FreshScan fresh;
  const FileRead read = read_file(path);
  if (!read.error.empty()) {
    fresh.file.unreadable = read.error;
    return fresh;
  }
  fresh.file = scanned(read.text, target);
  fresh.stat = read.stat;
  fresh.worth_remembering = read.stable;
  return fresh;
}

}  // namespace graph

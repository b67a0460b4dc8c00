// Scans files as they were before some of them changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/graph_loader.h"
#include "graph/overlay_file_system.h"

namespace graph {

// Earlier files are scanned from their earlier content, all others by `now`, which remembers those of this
// run. The references must outlive it.
class OverlayScanner final : public FileScanner {
 public:
  OverlayScanner(FileScanner& now, const EarlierFiles& earlier, std::string cwd);

  std::vector<const ScannedFile*> scan(std::span<const ScanRequest> requests) override;
  const ScannedFile* scan_text(std::string_view text, const ScanTarget& target) override;

 private:
  FileScanner& now_;
  const EarlierFiles& earlier_;
  std::string cwd_;
};

}  // namespace graph

// Scans files as they were before some of them changed.
#include "graph/overlay_scanner.h"

#include <utility>

#include "graph/posix_path.h"

namespace graph {

OverlayScanner::OverlayScanner(FileScanner& now, const EarlierFiles& earlier, std::string cwd)
    : now_(now), earlier_(earlier), cwd_(std::move(cwd)) {}

std::vector<const ScannedFile*> OverlayScanner::scan(std::span<const ScanRequest> requests) {
  std::vector<const ScannedFile*> answers(requests.size(), nullptr);
  std::vector<ScanRequest> unchanged;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto it = earlier_.find(posix_path::absolute(requests[i].path, cwd_));
    if (it != earlier_.end() && it->second) {
      answers[i] = now_.scan_text(*it->second, *requests[i].target);
    } else {
      unchanged.push_back(requests[i]);
      places.push_back(i);
    }
  }
  const std::vector<const ScannedFile*> known = now_.scan(unchanged);
  for (std::size_t i = 0; i < places.size(); ++i) answers[places[i]] = known[i];
  return answers;
}

const ScannedFile* OverlayScanner::scan_text(std::string_view text, const ScanTarget& target) {
  return now_.scan_text(text, target);
}

}  // namespace graph

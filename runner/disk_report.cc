#include "runner/disk_report.h"

#include <algorithm>

namespace runner {

void DiskReport::note(const StateDirectory& state, const std::string& trouble) {
  for (const std::string& one : {state.trouble(), trouble}) {
    if (std::find(troubles.begin(), troubles.end(), one) == troubles.end()) troubles.push_back(one);
  }
  damaged_in_state = state.damaged();
}

std::vector<std::string> warnings_of(const DiskReport& report) {
  std::vector<std::string> warnings;
  std::string all;
  for (const std::string& trouble : report.troubles) {
    if (trouble.empty()) continue;
    if (!all.empty()) all += "; ";
    all += trouble;
  }
  if (!all.empty()) warnings.push_back(std::move(all));
  std::string damaged;
  if (report.damaged_in_store > 0) {
    damaged = std::to_string(report.damaged_in_store) + " damaged records or packs in the store";
  }
  if (report.damaged_in_state > 0) {
    if (!damaged.empty()) damaged += " and ";
    damaged += std::to_string(report.damaged_in_state) + " damaged records or files in ";
    damaged += kStateDirectoryName;
  }
  if (!damaged.empty()) warnings.push_back(damaged + " were ignored; what was lost is computed again");
  return warnings;
}

}  // namespace runner

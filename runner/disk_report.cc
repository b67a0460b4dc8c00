#include "runner/disk_report.h"

#include <algorithm>

namespace runner {
namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

void DiskReport::note(const StateDirectory& state, const std::string& trouble) {
  for (const std::string& one : {state.trouble(), trouble}) {
    if (std::find(troubles.begin(), troubles.end(), one) == troubles.end()) troubles.push_back(one);
  }
  damaged_in_state = state.damaged();
}

std::optional<std::string> warning_of(const DiskReport& report) {
  std::string all;
  const auto add = [&all](const std::string& part) {
    if (!all.empty()) all += "; ";
    all += part;
  };
  for (const std::string& trouble : report.troubles) {
    if (!trouble.empty()) add(trouble);
  }
  std::string damaged;
  if (report.damaged_in_store > 0) {
    damaged = counted(report.damaged_in_store, "damaged record or pack", "damaged records or packs") +
              " in the store";
  }
  if (report.damaged_in_state > 0) {
    if (!damaged.empty()) damaged += " and ";
    damaged += counted(report.damaged_in_state, "record or file", "records or files") + " in ";
    damaged += kStateDirectoryName;
    damaged += ", damaged or of another version,";
  }
  const bool one = report.damaged_in_store + report.damaged_in_state == 1;
  if (!damaged.empty()) add(damaged + (one ? " was" : " were") + " ignored; what was lost is computed again");
  if (all.empty()) return std::nullopt;
  return all;
}

}  // namespace runner

// The part of a run that knows diagnostics from a baseline.
#include "runner/baseline_run.h"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "graph/posix_path.h"
#include "runner/console.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;

// So many stale entries are listed.
constexpr std::size_t kMostListed = 10;

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

std::optional<graph::Error> BaselineRun::open() {
  if (!wanted()) return std::nullopt;
  if (!options_.file) return graph::Error{"--update-baseline does not say which", "add --baseline FILE"};
  std::error_code trouble;
  const bool missing = !std::filesystem::exists(*options_.file, trouble);
  if (missing && options_.update) return std::nullopt;
  auto baseline = read_baseline(*options_.file);
  if (!baseline) return baseline.error();
  baseline_ = std::move(*baseline);
  return std::nullopt;
}

std::optional<graph::Error> BaselineRun::apply(const PlannedRun& run, bool complete, AnswerParts& parts) {
  if (!wanted()) return std::nullopt;
  const std::string folder(posix_path::dirname(posix_path::absolute(*options_.file, cwd_)));
  const std::vector<std::string> files = covered_files(run, parts);
  const bool update = options_.update && complete;
  const BaselineReport report = apply_baseline(
      baseline_, update, folder, cwd_,
      [&](const std::string& path) { return std::binary_search(files.begin(), files.end(), path); }, parts);
  if (update) {
    if (auto error = write_baseline(baseline_, *options_.file)) return error;
    print_note("wrote " + *options_.file + ": " + counted(report.known + report.added, "known diagnostic") +
               ", " + std::to_string(report.added) + " of them new; " + std::to_string(report.stale.size()) +
               " dropped");
    return std::nullopt;
  }
  if (report.stale.empty() || !complete) return std::nullopt;
  std::string text = counted(report.stale.size(), "diagnostic") + " of " + *options_.file +
                     " not found any more (--update-baseline drops them):";
  for (std::size_t i = 0; i < std::min(report.stale.size(), kMostListed); ++i)
    text += "\n  " + report.stale[i];
  if (report.stale.size() > kMostListed) {
    text += "\n  and " + std::to_string(report.stale.size() - kMostListed) + " more";
  }
  print_note(text);
  return std::nullopt;
}

}  // namespace runner

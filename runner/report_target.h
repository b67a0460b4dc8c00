// Which reports a run writes, and where: --report [FORMAT:]FILE.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

enum class ReportFormat { kText, kJson, kSarif, kJunit, kGithub, kGitlab, kCheckstyle };

struct ReportTarget {
  ReportFormat format = ReportFormat::kText;
  std::string file;  // "-" is standard output

  bool to_stdout() const { return file == "-"; }
  bool operator==(const ReportTarget&) const = default;
};

// The format stands before the first colon or follows from how the file's name ends.
graph::Result<ReportTarget> parse_report_target(std::string_view text);

// All targets of a run: no two to one place.
graph::Result<std::vector<ReportTarget>> parse_report_targets(const std::vector<std::string>& texts);

}  // namespace runner

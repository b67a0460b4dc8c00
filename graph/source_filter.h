// Which entries of a directory a walk for sources leaves out.
#pragma once

#include <optional>
#include <string>

#include "graph/build_options.h"
#include "graph/exclude_patterns.h"
#include "graph/file_system.h"

namespace graph {

class SourceFilter {
 public:
  enum class Verdict { kTaken, kSkipped, kDoubtful };

  explicit SourceFilter(const BuildOptions& options);

  // Why no walk can be vouched for, for people.
  std::optional<std::string> doubt() const;
  // `path` is that of `entry` as the walk spells it. Requires no doubt.
  Verdict judge(const std::string& path, const DirectoryEntry& entry) const;

 private:
  const BuildOptions& options_;
  ExcludePatterns exclude_;
};

}  // namespace graph

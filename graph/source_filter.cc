// Which entries of a directory a walk for sources leaves out.
#include "graph/source_filter.h"

#include "graph/posix_path.h"
#include "graph/python_text.h"

namespace graph {

SourceFilter::SourceFilter(const BuildOptions& options) : options_(options), exclude_(options.exclude) {}

std::optional<std::string> SourceFilter::doubt() const {
  if (options_.exclude_gitignore) return "--exclude-gitignore follows git's rules";
  return exclude_.doubt();
}

SourceFilter::Verdict SourceFilter::judge(const std::string& path, const DirectoryEntry& entry) const {
  const std::string& name = entry.name;
  if (name.starts_with('.') || name == "__pycache__" || name == "site-packages" || name == "node_modules") {
    return Verdict::kSkipped;
  }
  // Python sorts and matches undecodable names by stand-ins.
  if (!python_text::is_utf8(name)) return Verdict::kDoubtful;
  if (exclude_.empty()) return Verdict::kTaken;
  std::string relative = posix_path::relative(posix_path::absolute(path, options_.cwd), options_.cwd);
  if (entry.kind == FileKind::kDirectory) relative += '/';
  const std::optional<bool> excluded = exclude_.found_in(relative);
  if (!excluded) return Verdict::kDoubtful;
  return *excluded ? Verdict::kSkipped : Verdict::kTaken;
}

}  // namespace graph

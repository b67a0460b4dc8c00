// Takes out of an answer what an earlier commit's answer has already.
#include "runner/new_errors.h"

#include <utility>

#include "graph/disk_file_system.h"
#include "graph/posix_path.h"
#include "runner/line_shift.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;

// What was said of a file, with the lines of now.
std::vector<KnownDiagnostic> shifted(const std::vector<KnownDiagnostic>& before, const LineShift& shift,
                                     const std::vector<std::string>& lines) {
  std::vector<KnownDiagnostic> result = before;
  for (KnownDiagnostic& one : result) {
    one.place = shift.of_old(one.line);
    one.source = digest_of_line(lines, one.line);
  }
  return result;
}

}  // namespace

void keep_new_errors(const Baseline& before, const ChangeSet& changes, const std::string& cwd,
                     AnswerParts& parts) {
  graph::DiskFileSystem disk;
  for (ModuleDiagnostics& module : parts.modules) {
    const std::string path = posix_path::absolute(module.path, cwd);
    const auto renamed = changes.renamed.find(path);
    const std::string& old_path = renamed == changes.renamed.end() ? path : renamed->second;
    const auto known = before.find(old_path);
    if (known == before.end()) continue;
    const auto text = disk.read(path);
    const std::vector<std::string> lines = source_lines(text ? *text : "");
    const auto content = changes.earlier.find(old_path);
    const bool changed = content != changes.earlier.end() && content->second;
    const std::vector<std::string> old_lines = changed ? source_lines(*content->second) : lines;
    const LineShift shift(old_lines, lines);
    std::vector<KnownDiagnostic> current;
    for (auto& [index, one] : standing_alone(module.diagnostics, lines)) {
      one.place = shift.of_new(one.line);
      current.push_back(std::move(one));
    }
    drop_known(module.diagnostics,
               match_diagnostics(shifted(known->second, shift, old_lines), current).known);
  }
  std::erase_if(parts.modules, [](const ModuleDiagnostics& module) { return module.diagnostics.empty(); });
}

}  // namespace runner

#include "runner/finding.h"

#include <cstddef>
#include <map>
#include <utility>

namespace runner {

std::vector<Finding> findings_in(const ErrorTable& table) {
  std::vector<Finding> findings;
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> latest_error;  // by line and column
  for (const ErrorRow& row : table.rows()) {
    if (!row.in_file) continue;
    const std::pair place(row.line, row.column);
    const auto error = latest_error.find(place);
    if (!row.is_error && error != latest_error.end()) {
      std::optional<std::string>& hint = findings[error->second].hint;
      hint ? void(*hint += '\n') : void(hint.emplace());
      *hint += row.message;
      continue;
    }
    if (row.is_error) latest_error[place] = findings.size();
    findings.push_back({.file = table.path(),
                        .line = row.line,
                        .column = row.column,
                        .end_line = row.end_line,
                        .end_column = row.end_column,
                        .message = std::string(row.message),
                        .code = row.code == nullptr ? std::nullopt : std::optional(*row.code),
                        .is_error = row.is_error});
  }
  return findings;
}

bool is_scope_note(const Finding& finding) {
  return !finding.is_error && finding.line < 0 && !finding.code && !finding.hint;
}

}  // namespace runner

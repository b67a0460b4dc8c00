// The messages of one file in the order mypy prints them, duplicates dropped, notes about their context
// added.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/shown_path.h"
#include "scheduler/outcome.h"

namespace runner {

// One row of the table. The views are into the diagnostics or the table.
struct ErrorRow {
  bool in_file = true;  // false: the message has its own location, of an importing file
  bool is_error = false;
  std::int32_t line = -1;
  std::int32_t column = -1;
  std::int32_t end_line = -1;
  std::int32_t end_column = -1;
  std::string_view message;
  const std::string* code = nullptr;
};

// What the table of one file is made of. `import_context` goes from the outermost import to this module.
struct ErrorTableInput {
  std::string_view path;
  std::span<const scheduler::Diagnostic> diagnostics;
  std::span<const std::pair<std::string, int>> import_context;
  bool show_error_context = false;
};

class ErrorTable {
 public:
  // The diagnostics must outlive the table.
  ErrorTable(const ErrorTableInput& input, const ShownPath& paths);
  ErrorTable(ErrorTable&&) = default;
  ErrorTable(const ErrorTable&) = delete;
  ErrorTable& operator=(ErrorTable&&) = default;
  ErrorTable& operator=(const ErrorTable&) = delete;

  const std::string& path() const { return path_; }
  const std::vector<ErrorRow>& rows() const { return rows_; }

 private:
  void add_import_context(const ErrorTableInput& input, const ShownPath& paths);
  void add_scope(const scheduler::Diagnostic& diagnostic);
  void add_note(bool in_file, std::string message);

  std::string path_;
  std::vector<ErrorRow> rows_;
  std::deque<std::string> notes_;  // messages of our own; a deque keeps them in place
};

}  // namespace runner

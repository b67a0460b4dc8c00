// One message of a finished check as reports show it: an error with its notes, or a note that stands alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/error_table.h"

namespace runner {

// The fields of one object of mypy's --output json. Lines are 1-based, columns 0-based code points, ends
// exclusive; what is unknown is negative. Texts are as mypy has them: bytes that are no UTF-8 may be in them.
struct Finding {
  std::string file;
  std::int32_t line = -1;
  std::int32_t column = -1;
  std::int32_t end_line = -1;
  std::int32_t end_column = -1;
  std::string message;
  std::optional<std::string> hint{};  // the messages of its notes, one a line
  std::optional<std::string> code{};
  bool is_error = false;

  bool operator==(const Finding&) const = default;
};

// Errors and notes of one file in order; a note at the place of an earlier error becomes a hint of that
// error. Messages with a location of their own (of importing files) are left out, as mypy does.
std::vector<Finding> findings_in(const ErrorTable& table);

// Whether it only says where the following messages are (--show-error-context).
bool is_scope_note(const Finding& finding);

}  // namespace runner

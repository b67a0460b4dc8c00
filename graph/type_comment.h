// Comments that mean something to mypy: `# type: ignore` and inline options, by the rules of its native
// parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graph {

// Whether a whole comment (from its #) holds a valid `type: ignore` or `mypy: ignore`.
bool is_ignore_comment(std::string_view comment);

// The inline options that matter to parsing.
struct InlineOptions {
  std::vector<std::string> always_true;
  std::vector<std::string> always_false;
  bool ignore_errors = false;
};

// Adds what one comment that starts in column 0 says; other comments than `# mypy:` say nothing.
void add_inline_options(std::string_view comment, InlineOptions& options);

}  // namespace graph

// The `exclude` option: Python regular expressions, matched by PCRE2 where both surely mean the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graph {

// Compiled `exclude` patterns. Only constructs whose meaning is the same in Python's re and in PCRE2 are
// taken: literals, escaped punctuation, `.`, classes, \d \w \s \b (on printable ASCII text only), \A, \Z, ^,
// $, groups, |, lookahead, * + ? and bounded repeats, greedy or lazy, and a leading (?x). Each pattern is
// parsed by our own grammar and written anew, so nothing of PCRE2's own syntax slips through.
class ExcludePatterns {
 public:
  explicit ExcludePatterns(const std::vector<std::string>& patterns);
  ~ExcludePatterns();
  ExcludePatterns(ExcludePatterns&&) noexcept;

  bool empty() const;
  // Why these patterns cannot be vouched for, for people; absent if they can.
  const std::optional<std::string>& doubt() const;
  // Whether some pattern is found in `text` (re.search); nothing when that cannot be told. Requires no doubt.
  std::optional<bool> found_in(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What Python's pattern `python` is in PCRE2's syntax, or nothing outside of the common subset.
struct TranslatedPattern {
  std::string text;
  bool ascii_only = false;  // holds classes that the engines define differently beyond printable ASCII
};
std::optional<TranslatedPattern> translate_pattern(std::string_view python);

}  // namespace graph

// What mypy knows about conditions before it knows types: always true, true for mypy only, and their
// opposites.
#pragma once

#include <span>
#include <string_view>

#include "graph/import_scanner.h"
#include "graph/token.h"

namespace graph {

enum class TruthValue : std::uint8_t { kUnknown, kAlwaysTrue, kMypyTrue, kAlwaysFalse, kMypyFalse };

inline bool is_false(TruthValue value) {
  return value == TruthValue::kAlwaysFalse || value == TruthValue::kMypyFalse;
}
inline bool is_true(TruthValue value) {
  return value == TruthValue::kAlwaysTrue || value == TruthValue::kMypyTrue;
}

// The tokens of one expression, without newlines, brackets balanced, with offsets into `text`.
struct TokenRange {
  std::span<const Token> tokens;
  std::string_view text;
};

// Recurses as deep as brackets nest, which the lexer bounds.
TruthValue condition_value(TokenRange condition, const ScanTarget& target);

// kAlwaysTrue for a pattern that catches everything by a bare name, else kUnknown.
TruthValue pattern_value(TokenRange pattern);

struct BranchFlags {
  bool unreachable = false;
  bool mypy_only = false;
};

// The branches of one `if` statement, or the cases of one `match`, in order.
class BranchChain {
 public:
  BranchFlags condition(TruthValue value);
  BranchFlags match_case(TruthValue pattern, TruthValue guard);  // no guard: kAlwaysTrue
  BranchFlags otherwise() const;

 private:
  bool tail_unreachable_ = false;
  bool seen_mypy_true_ = false;
  bool seen_mypy_false_ = false;
};

}  // namespace graph

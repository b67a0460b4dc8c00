// Which branches of an `if` or a `match` mypy takes for reachable, by the values of their conditions.
#pragma once

#include <cstdint>

namespace graph {

// Always true, true for mypy only, and their opposites.
enum class TruthValue : std::uint8_t { kUnknown, kAlwaysTrue, kMypyTrue, kAlwaysFalse, kMypyFalse };

inline bool is_false(TruthValue value) {
  return value == TruthValue::kAlwaysFalse || value == TruthValue::kMypyFalse;
}
inline bool is_true(TruthValue value) {
  return value == TruthValue::kAlwaysTrue || value == TruthValue::kMypyTrue;
}

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

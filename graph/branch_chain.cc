#include "graph/branch_chain.h"

namespace graph {

BranchFlags BranchChain::condition(TruthValue value) {
  BranchFlags flags;
  flags.unreachable = tail_unreachable_ || is_false(value);
  flags.mypy_only = !flags.unreachable && !seen_mypy_true_ && value == TruthValue::kMypyTrue;
  tail_unreachable_ = tail_unreachable_ || is_true(value);
  seen_mypy_true_ = seen_mypy_true_ || value == TruthValue::kMypyTrue;
  seen_mypy_false_ = seen_mypy_false_ || value == TruthValue::kMypyFalse;
  return flags;
}

BranchFlags BranchChain::match_case(TruthValue pattern, TruthValue guard) {
  const bool catches = is_true(pattern);
  BranchFlags flags;
  flags.unreachable = tail_unreachable_ || is_false(guard);
  flags.mypy_only = !flags.unreachable && !seen_mypy_true_ && guard == TruthValue::kMypyTrue && catches;
  tail_unreachable_ = tail_unreachable_ || (is_true(guard) && catches);
  seen_mypy_true_ = seen_mypy_true_ || (guard == TruthValue::kMypyTrue && catches);
  return flags;
}

BranchFlags BranchChain::otherwise() const {
  BranchFlags flags;
  flags.unreachable = tail_unreachable_;
  flags.mypy_only = !tail_unreachable_ && seen_mypy_false_ && !seen_mypy_true_;
  return flags;
}

}  // namespace graph

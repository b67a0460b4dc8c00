// Knows which colons belong to a lambda, and which tokens lie inside of one.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/token.h"

namespace graph {

// Sees each token of a statement with the bracket depth in front of it.
class LambdaTracker {
 public:
  void restart() { open_.clear(); }
  bool inside() const { return !open_.empty(); }

  // Whether a comma, a colon or an = at this depth belongs to the parameters of a lambda.
  bool in_parameters(std::size_t depth) const {
    if (open_.empty() || open_.back().depth != depth) return false;
    if (!open_.back().in_body) return true;
    // A lambda that is the default value of another one's parameter ends at a colon.
    return open_.size() > 1 && open_[open_.size() - 2].depth == depth;
  }

  void see(const Token& token, std::size_t depth) {
    if (token.is(Keyword::kLambda)) return start(depth);
    if (open_.empty()) return;
    if (token.closes()) {
      while (!open_.empty() && open_.back().depth >= depth) open_.pop_back();
    } else if (open_.back().depth == depth) {
      if (token.is(TokenKind::kColon)) {
        end_body();
        if (!open_.empty() && open_.back().depth == depth) open_.back().in_body = true;
      } else if (token.is(TokenKind::kComma) || token.is(Keyword::kFor)) {
        end_body();
      }
    }
  }

 private:
  struct Open {
    std::size_t depth = 0;
    bool in_body = false;
  };

  // The body of a lambda may be another lambda: they end together, so one entry is enough.
  void start(std::size_t depth) {
    if (!open_.empty() && open_.back().depth == depth && open_.back().in_body) {
      open_.back().in_body = false;
    } else {
      open_.push_back({depth, false});
    }
  }

  void end_body() {
    if (open_.back().in_body) open_.pop_back();
  }

  std::vector<Open> open_;  // of one depth at most the last is in its body
};

}  // namespace graph

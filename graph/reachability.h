// What mypy knows about conditions before it knows types: always true, true for mypy only, and their
// opposites.
#pragma once

#include <span>
#include <string_view>

#include "graph/branch_chain.h"
#include "graph/import_scanner.h"
#include "graph/token.h"

namespace graph {

// The tokens of one expression, without newlines, brackets balanced, with offsets into `text`.
struct TokenRange {
  std::span<const Token> tokens;
  std::string_view text;
};

// Recurses as deep as brackets nest, which the lexer bounds.
TruthValue condition_value(TokenRange condition, const ScanTarget& target);

// kAlwaysTrue for a pattern that catches everything by a bare name, else kUnknown.
TruthValue pattern_value(TokenRange pattern);

}  // namespace graph

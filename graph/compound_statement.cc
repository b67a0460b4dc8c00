// The compound statements and their clauses.
#include <utility>

#include "graph/identifier.h"
#include "graph/source_scanner.h"

namespace graph {

void SourceScanner::logical_line() {
  lambdas_.restart();
  count_yields_ = true;
  in_annotation_ = false;
  if (block().kind == BlockKind::kMatch) {
    if (at_word("case")) return case_clause();
    return fail("something else than a case in a match statement");
  }
  if (starts_compound()) return compound_statement();
  block().open = Open::kNothing;
  simple_statements();
  if (match_header_) match_body();
}

bool SourceScanner::starts_compound() const {
  switch (token_.keyword) {
    case Keyword::kIf:
    case Keyword::kElif:
    case Keyword::kElse:
    case Keyword::kExcept:
    case Keyword::kFinally:
    case Keyword::kWhile:
    case Keyword::kFor:
    case Keyword::kTry:
    case Keyword::kWith:
    case Keyword::kAsync:
    case Keyword::kClass:
    case Keyword::kDef:
      return true;
    default:
      return at(TokenKind::kAt);
  }
}

void SourceScanner::compound_statement() {
  if (block().kind == BlockKind::kFunction) functions_.see_statement(FunctionBodies::Statement::kOther);
  switch (token_.keyword) {
    case Keyword::kIf:
      return if_statement();
    case Keyword::kElif:
      return elif_clause();
    case Keyword::kElse:
      return else_clause();
    case Keyword::kExcept:
    case Keyword::kFinally:
      return handler_clause();
    case Keyword::kWhile:
      return plain_block(Open::kLoop);
    case Keyword::kFor:
      return for_statement();
    case Keyword::kTry:
      return plain_block(Open::kTry);
    case Keyword::kWith:
      return with_statement();
    case Keyword::kAsync:
      return async_statement();
    case Keyword::kClass:
      return class_statement();
    case Keyword::kDef:
      return function_statement();
    default:
      return decorator();
  }
}

// Moves to the colon of a header.
void SourceScanner::skip_header() {
  while (!at_header_colon() && !at_statement_end()) shift();
}

void SourceScanner::capture_header() {
  captured_.clear();
  while (!at_header_colon() && !at_statement_end()) {
    captured_.push_back(token_);
    shift();
  }
}

TruthValue SourceScanner::captured_value(std::size_t begin, std::size_t end) {
  const std::span<const Token> tokens(captured_.data() + begin, end - begin);
  bool platform = false;
  for (const Token& token : tokens) {
    platform = platform || (token.is(TokenKind::kName) && text_of(token) == "platform");
    // The names of characters are not known here.
    if (platform && token.is(TokenKind::kString) && text_of(token).find("\\N{") != std::string_view::npos) {
      fail("a platform with a named character");
      return TruthValue::kUnknown;
    }
  }
  return condition_value({tokens, text_}, target_);
}

// A block whose statement needs no look at its header; the keyword is the next token.
void SourceScanner::plain_block(Open open) {
  block().open = open;
  shift();
  skip_header();
  block_body(BlockKind::kOther, {});
}

void SourceScanner::if_statement() {
  shift();
  capture_header();
  Block& outer = block();
  outer.open = Open::kIf;
  outer.chain = {};
  block_body(BlockKind::kOther, outer.chain.condition(captured_value(0, captured_.size())));
}

void SourceScanner::elif_clause() {
  if (block().open != Open::kIf) return fail("an elif without an if");
  shift();
  capture_header();
  block_body(BlockKind::kOther, block().chain.condition(captured_value(0, captured_.size())));
}

void SourceScanner::else_clause() {
  const Open open = block().open;
  if (open != Open::kIf && open != Open::kLoop && open != Open::kHandler)
    return fail("an else without an if");
  const BranchFlags flags = open == Open::kIf ? block().chain.otherwise() : BranchFlags{};
  block().open = open == Open::kHandler ? Open::kTryElse : Open::kNothing;
  shift();
  block_body(BlockKind::kOther, flags);
}

void SourceScanner::handler_clause() {
  const Open open = block().open;
  const bool last = at(Keyword::kFinally);
  if (open != Open::kTry && open != Open::kHandler && !(last && open == Open::kTryElse)) {
    return fail("a handler without a try");
  }
  plain_block(last ? Open::kNothing : Open::kHandler);
}

void SourceScanner::for_statement() {
  block().open = Open::kLoop;
  shift();
  const bool wants_target = functions_.wants_targets(block().function);
  attribute_target_.restart();
  while (!at_header_colon() && !at_statement_end() && !(at(Keyword::kIn) && depth_ == 0)) {
    if (wants_target) attribute_target_.feed(token_, text_, functions_.parameter(block().function));
    shift();
  }
  if (wants_target && at(Keyword::kIn)) commit_target();
  skip_header();
  block_body(BlockKind::kOther, {});
}

void SourceScanner::with_statement() {
  block().open = Open::kNothing;
  shift();
  const bool wants_target = functions_.wants_targets(block().function);
  bool in_target = false;
  std::size_t target_depth = 0;
  while (!at_header_colon() && !at_statement_end()) {
    const bool ends =
        token_.closes() ? token_.depth < target_depth : at(TokenKind::kComma) && depth_ == target_depth;
    if (in_target && ends) {
      commit_target();
      in_target = false;
    }
    if (in_target) attribute_target_.feed(token_, text_, functions_.parameter(block().function));
    if (wants_target && at(Keyword::kAs)) {
      in_target = true;
      target_depth = depth_;
      attribute_target_.restart();
    }
    shift();
  }
  if (in_target) commit_target();
  block_body(BlockKind::kOther, {});
}

void SourceScanner::async_statement() {
  shift();
  if (at(Keyword::kDef)) return function_statement();
  if (at(Keyword::kFor)) return for_statement();
  if (at(Keyword::kWith)) return with_statement();
  fail("async in front of something else");
}

void SourceScanner::decorator() {
  block().open = Open::kNothing;
  count_yields_ = false;
  while (!at(TokenKind::kNewline) && !at(TokenKind::kEnd)) shift();
  if (!at(TokenKind::kNewline)) return;
  shift();
  if (!at(TokenKind::kAt) && !at(Keyword::kDef) && !at(Keyword::kClass) && !at(Keyword::kAsync)) {
    fail("a decorator without a definition");
  }
}

// From an opening bracket to behind its closing one. Bounds and defaults in there are types.
void SourceScanner::type_parameters() {
  in_annotation_ = true;
  const std::size_t outside = depth_;
  do {
    shift();
  } while (depth_ > outside && !at(TokenKind::kEnd));
  in_annotation_ = false;
}

void SourceScanner::class_statement() {
  block().open = Open::kNothing;
  count_yields_ = false;
  shift();
  if (!expect(TokenKind::kName, "a class without a name")) return;
  if (at(TokenKind::kLeftBracket)) type_parameters();
  skip_header();
  block_body(BlockKind::kClass, {});
}

void SourceScanner::function_statement() {
  block().open = Open::kNothing;
  count_yields_ = false;
  shift();
  if (!at(TokenKind::kName)) return fail("a function without a name");
  if (functions_.empty() && !block().in_class && !cut_ && normalised_name(text_of(token_)) == "__getattr__") {
    scan_.module_getattr = true;
  }
  shift();
  if (at(TokenKind::kLeftBracket)) type_parameters();
  if (!at(TokenKind::kLeftParen)) return fail("a function without parameters");
  std::string parameter = parameters();
  in_annotation_ = at(TokenKind::kArrow);
  skip_header();
  if (!at_header_colon()) return fail("a header without a colon");
  functions_.enter(block().in_class ? std::move(parameter) : std::string(), scan_.imports.size());
  block_body(BlockKind::kFunction, {});
}

// From the opening parenthesis to behind the closing one. Returns the name of the first positional parameter.
std::string SourceScanner::parameters() {
  std::string first;
  const std::size_t inside = depth_ + 1;
  shift();
  if (at(TokenKind::kName)) first = normalised_name(text_of(token_));
  while (depth_ >= inside && !at(TokenKind::kEnd)) {
    if (depth_ == inside && !lambdas_.in_parameters(inside)) {
      if (at(TokenKind::kColon)) in_annotation_ = true;
      if (at(TokenKind::kComma) || at(TokenKind::kAssign)) in_annotation_ = false;
    }
    shift();
  }
  return first;
}

void SourceScanner::match_body() {
  match_header_ = false;
  shift();
  if (!at(TokenKind::kIndent)) return fail("a match statement without cases");
  shift();
  enter_block(BlockKind::kMatch, {});
}

void SourceScanner::case_clause() {
  shift();
  capture_header();
  std::size_t guard = 0;
  for (std::size_t depth = 0; guard < captured_.size(); ++guard) {
    const Token& token = captured_[guard];
    if (token.opens()) ++depth;
    if (token.closes()) --depth;
    if (depth == 0 && token.is(Keyword::kIf)) break;
  }
  const TruthValue pattern = pattern_value({{captured_.data(), guard}, text_});
  const TruthValue guard_value =
      guard == captured_.size() ? TruthValue::kAlwaysTrue : captured_value(guard + 1, captured_.size());
  block_body(BlockKind::kOther, block().chain.match_case(pattern, guard_value));
}

}  // namespace graph

// The simple statements, imports among them.
#include <limits>
#include <utility>

#include "graph/identifier.h"
#include "graph/source_scanner.h"

namespace graph {

// The statements of one logical line, to behind its newline; or to the newline of what is a `match` header.
void SourceScanner::simple_statements() {
  for (bool first = true;; first = false) {
    if (at(TokenKind::kNewline) || at(TokenKind::kSemicolon)) return fail("a statement is missing");
    if (starts_compound()) return fail("a compound statement on the line of another one");
    lambdas_.restart();
    in_annotation_ = false;
    simple_statement();
    if (match_header_ && !first) return fail("a match statement behind another one");
    if (match_header_) return;
    if (at(TokenKind::kSemicolon)) {
      shift();
      if (!at(TokenKind::kNewline)) continue;
    }
    if (!at(TokenKind::kEnd)) expect(TokenKind::kNewline, "a statement goes on unexpectedly");
    return;
  }
}

void SourceScanner::simple_statement() {
  using Statement = FunctionBodies::Statement;
  const bool in_function = block().kind == BlockKind::kFunction;
  const bool raises = at(Keyword::kRaise);
  bool docstring = false;
  if (at(Keyword::kImport)) {
    import_statement();
  } else if (at(Keyword::kFrom)) {
    from_statement(token_.begin);
  } else if (at(Keyword::kAssert) && block().kind == BlockKind::kModule) {
    assert_statement();
  } else {
    docstring = expression_statement(in_function);
  }
  if (in_function) {
    functions_.see_statement(docstring ? Statement::kDocstring
                             : raises  ? Statement::kRaise
                                       : Statement::kOther);
  }
}

// One more token of what may be the target of an assignment.
void SourceScanner::shift_target() {
  if (wants_target_) attribute_target_.feed(token_, text_, functions_.parameter(block().function));
  shift();
}

void SourceScanner::start_target() {
  wants_target_ = functions_.wants_targets(block().function);
  attribute_target_.restart();
}

void SourceScanner::commit_target() {
  if (attribute_target_.found()) functions_.see_effect(block().function);
  attribute_target_.restart();
}

// Soft keywords make a statement what it is only with the right tokens behind them. Returns whether the
// statement was one of imports.
bool SourceScanner::soft_keyword() {
  const Token word = token_;
  shift_target();
  const std::string_view text = text_of(word);
  if (text == "lazy" && at(Keyword::kImport)) {
    import_statement();
    return true;
  }
  if (text == "lazy" && at(Keyword::kFrom)) {
    from_statement(word.begin);
    return true;
  }
  if (text == "type" && at(TokenKind::kName)) {
    shift_target();
    if (at(TokenKind::kLeftBracket)) type_parameters();
  }
  return false;
}

// Any statement without a structure of its own. Returns whether it is a string alone, if asked to look.
bool SourceScanner::expression_statement(bool look_for_docstring) {
  start_target();
  const bool match = at_word("match");
  if ((match || at_word("lazy") || at_word("type")) && soft_keyword()) return false;
  bool string_only = look_for_docstring && !match;
  bool string_seen = false;
  bool annotated_attribute = false;
  bool ends_in_colon = false;
  while (!at_statement_end()) {
    if (string_only) {
      string_only = at(TokenKind::kString) || (at(TokenKind::kLeftParen) && !string_seen) ||
                    (at(TokenKind::kRightParen) && string_seen);
      string_seen = string_seen || at(TokenKind::kString);
    }
    ends_in_colon = false;
    if (depth_ == 0) {
      if (at(TokenKind::kAssign) && !lambdas_.in_parameters(0)) {
        commit_target();
        in_annotation_ = false;
        shift();
        continue;
      }
      if (at(TokenKind::kAugmentedAssign)) {
        commit_target();
      } else if (at_header_colon()) {
        annotated_attribute = attribute_target_.found();
        in_annotation_ = true;
        ends_in_colon = true;
      }
    }
    shift_target();
  }
  match_header_ = match && ends_in_colon && at(TokenKind::kNewline);
  if (annotated_attribute && !match_header_) functions_.see_effect(block().function);
  return string_only && string_seen;
}

// Directly in the module: one that always fails ends it for mypy.
void SourceScanner::assert_statement() {
  shift();
  captured_.clear();
  while (!at_statement_end() && !(at(TokenKind::kComma) && depth_ == 0 && !lambdas_.in_parameters(0))) {
    captured_.push_back(token_);
    shift();
  }
  const TruthValue value = captured_value(0, captured_.size());
  while (!at_statement_end()) shift();
  cut_ = cut_ || is_false(value);
}

void SourceScanner::add_import(ImportStatement statement) {
  const BranchFlags& flags = block().flags;
  if (cut_ || flags.unreachable) return;
  statement.mypy_only = flags.mypy_only;
  statement.top_level = functions_.empty();
  scan_.imports.push_back(std::move(statement));
}

bool SourceScanner::dotted_name(std::string& name) {
  for (;;) {
    if (!at(TokenKind::kName)) return false;
    const std::string_view part = text_of(token_);
    if (is_ascii(part)) {
      name += part;
    } else {
      name += normalised_name(part);
    }
    shift();
    if (!at(TokenKind::kDot)) return true;
    name += '.';
    shift();
  }
}

// `as name`, if it is there.
bool SourceScanner::skip_alias() {
  if (!at(Keyword::kAs)) return true;
  shift();
  if (!at(TokenKind::kName)) return false;
  shift();
  return true;
}

void SourceScanner::import_statement() {
  do {
    shift();  // `import` or a comma
    ImportStatement statement;
    statement.line = line_of(token_.begin);
    if (!dotted_name(statement.module) || !skip_alias()) return fail("an import without a name");
    add_import(std::move(statement));
  } while (at(TokenKind::kComma));
  if (!at_statement_end()) fail("an import goes on unexpectedly");
}

void SourceScanner::from_statement(std::uint32_t begin) {
  ImportStatement statement;
  statement.kind = ImportKind::kFrom;
  statement.line = line_of(begin);
  shift();
  for (; at(TokenKind::kDot) || at(TokenKind::kEllipsis); shift()) {
    const unsigned dots = statement.dots + (at(TokenKind::kDot) ? 1U : 3U);
    if (dots > std::numeric_limits<std::uint16_t>::max()) return fail("an import with too many dots");
    statement.dots = static_cast<std::uint16_t>(dots);
  }
  if (!at(Keyword::kImport) || statement.dots == 0) {
    if (!dotted_name(statement.module)) return fail("an import without a module");
  }
  if (!at(Keyword::kImport)) return fail("a from without an import");
  shift();
  if (at(TokenKind::kStar)) {
    statement.kind = ImportKind::kFromStar;
    shift();
  } else if (!imported_names(statement)) {
    return fail("an import without a name");
  }
  if (!at_statement_end()) return fail("an import goes on unexpectedly");
  add_import(std::move(statement));
}

bool SourceScanner::imported_names(ImportStatement& statement) {
  const bool parenthesised = at(TokenKind::kLeftParen);
  if (parenthesised) shift();
  for (;;) {
    if (!at(TokenKind::kName)) return false;
    statement.names.push_back(normalised_name(text_of(token_)));
    shift();
    if (!skip_alias()) return false;
    if (at(TokenKind::kComma)) {
      shift();
      if (!(parenthesised && at(TokenKind::kRightParen))) continue;
    }
    break;
  }
  if (!parenthesised) return true;
  if (!at(TokenKind::kRightParen)) return false;
  shift();
  return true;
}

}  // namespace graph

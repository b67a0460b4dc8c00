// Walks through the statements of a source with a stack of blocks and collects what ImportScan asks for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/attribute_target.h"
#include "graph/digest.h"
#include "graph/function_bodies.h"
#include "graph/import_scanner.h"
#include "graph/lambda_tracker.h"
#include "graph/lexer.h"
#include "graph/reachability.h"
#include "graph/scannable_text.h"
#include "graph/token.h"
#include "graph/type_comment.h"

namespace graph {

// Scans one text once. Only the syntax that decides about imports is understood; what cannot be valid Python
// and is noticed on the way makes the result unsure.
class SourceScanner {
 public:
  // Both have to outlive the scanner. `source` holds the text of a SourceText.
  SourceScanner(const ScannableText& source, const ScanTarget& target);

  // All but `words`. Call once.
  ImportScan run();

  // Afterwards, if the scan is sure.
  std::optional<CodeDigests> code_digests() const;
  // Afterwards: the inline options, which hold for the whole file.
  const InlineOptions& inline_options() const { return inline_options_; }

 private:
  enum class BlockKind : std::uint8_t { kModule, kClass, kFunction, kMatch, kOther };

  // The compound statement a clause like `else` may continue.
  enum class Open : std::uint8_t { kNothing, kIf, kLoop, kTry, kHandler, kTryElse };

  struct Block {
    BlockKind kind = BlockKind::kOther;
    BranchFlags flags;      // of this block and those around it
    bool in_class = false;  // in a class, however deep
    Open open = Open::kNothing;
    BranchChain chain;         // of the last `if` in this block, or of this `match`
    std::size_t function = 0;  // whose effects statements here are, as FunctionBodies counts; 0: none
  };

  // Tokens.
  void shift() {
    if (!scan_.sure) return;  // token_ stays the end
    if (lambdas_.inside() || token_.is_telling()) see_token();
    depth_ = token_.depth;
    take_token();
  }
  void take_token() {
    if (next_token_ == token_count_) {
      token_count_ = lexer_.read(tokens_);
      next_token_ = 0;
    }
    token_ = tokens_[next_token_++];
    if (token_.closes()) depth_ = token_.depth + std::size_t{1};
  }
  void see_token();
  void fail(const char* doubt);
  bool at(TokenKind kind) const { return token_.is(kind); }
  bool at(Keyword keyword) const { return token_.is(keyword); }
  bool at_word(std::string_view word) const;
  bool at_statement_end() const;
  bool expect(TokenKind kind, const char* doubt);
  bool at_header_colon() const;
  std::string_view text_of(const Token& token) const { return token.text(text_); }
  std::uint32_t line_of(std::uint32_t offset);

  // Blocks.
  void run_statements();
  void enter_block(BlockKind kind, BranchFlags flags);
  void leave_block();
  void block_body(BlockKind kind, BranchFlags flags);

  // Compound statements.
  void logical_line();
  bool starts_compound() const;
  void compound_statement();
  void skip_header();
  void capture_header();
  TruthValue captured_value(std::size_t begin, std::size_t end);
  void if_statement();
  void elif_clause();
  void else_clause();
  void handler_clause();
  void for_statement();
  void with_statement();
  void async_statement();
  void class_statement();
  void function_statement();
  void decorator();
  void match_body();
  void case_clause();
  std::string parameters();
  void type_parameters();
  void plain_block(Open open);

  // Simple statements.
  void simple_statements();
  void simple_statement();
  bool expression_statement(bool look_for_docstring);
  bool soft_keyword();
  void assert_statement();
  void import_statement();
  void from_statement(std::uint32_t begin);
  bool imported_names(ImportStatement& statement);
  bool dotted_name(std::string& name);
  bool skip_alias();
  void add_import(ImportStatement statement);
  void start_target();
  void shift_target();
  void commit_target();

  void see_template_string();
  void read_comments();

  Block& block() { return blocks_.back(); }

  std::string_view text_;
  const ScanTarget& target_;
  Lexer lexer_;
  Token token_;            // the next one, not yet shifted
  std::size_t depth_ = 0;  // of brackets in front of token_
  // Those behind it, as far as they were read.
  std::array<Token, 512> tokens_;
  std::size_t next_token_ = 0;
  std::size_t token_count_ = 0;
  ImportScan scan_;
  bool scan_was_sure_ = false;  // of what run() gave away
  std::vector<Block> blocks_;
  FunctionBodies functions_;
  LambdaTracker lambdas_;
  AttributeTarget attribute_target_;
  std::vector<Token> captured_;  // of a condition or a pattern
  InlineOptions inline_options_;
  bool cut_ = false;            // behind an assertion that always fails nothing counts
  bool count_yields_ = true;    // off in headers of nested definitions
  bool wants_target_ = false;   // assignments to attributes matter here
  bool in_annotation_ = false;  // mypy does not look for template strings in types
  bool match_header_ = false;   // the last statement turned out to open a `match` block
  std::uint32_t line_ = 1;      // of line_offset_
  std::uint32_t line_offset_ = 0;
};

}  // namespace graph

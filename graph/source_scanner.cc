#include "graph/source_scanner.h"

#include <algorithm>
#include <utility>

#include "graph/identifier.h"

namespace graph {
namespace {

// Deeper than ruff's parser, and so mypy, goes.
constexpr std::size_t kMaxBlocks = 256;

}  // namespace

SourceScanner::SourceScanner(const ScannableText& source, const ScanTarget& target)
    : text_(source.text()), target_(target), lexer_(source) {}

ImportScan SourceScanner::run() {
  Block module;
  module.kind = BlockKind::kModule;
  blocks_.push_back(module);
  take_token();
  run_statements();
  if (lexer_.doubt() != nullptr) fail(lexer_.doubt());
  read_comments();
  scan_was_sure_ = scan_.sure;
  if (!scan_.sure) {
    const std::string doubt = std::move(scan_.doubt);
    scan_ = {};
    scan_.sure = false;
    scan_.doubt = doubt;
  }
  return std::move(scan_);
}

std::optional<CodeDigests> SourceScanner::code_digests() const {
  if (!scan_was_sure_ || !lexer_.any_token()) return std::nullopt;
  // Neither is the digest of any file's bytes.
  FieldDigest code("code", text_.size());
  FieldDigest shape("shape", text_.size());
  const std::vector<std::pair<std::uint32_t, std::uint32_t>>& lines = lexer_.empty_lines();
  std::size_t line = 0;
  std::size_t shaped = 0;
  const auto add_shape = [&](std::size_t end) {
    for (; line < lines.size() && lines[line].first <= end; ++line) {
      shape.add(text_.substr(shaped, lines[line].first - shaped));
      shaped = lines[line].second;
    }
    if (shaped < end) shape.add(text_.substr(shaped, end - shaped));
    shaped = std::max(shaped, end);
  };
  std::size_t from = 0;
  for (const auto& [begin, end] : lexer_.plain_comments()) {
    code.add(text_.substr(from, begin - from));
    code.drop_trailing(" \t");
    from = end;
    if (begin < shaped) continue;  // it is alone on an empty line
    add_shape(begin);
    if (begin < shaped) continue;
    shape.drop_trailing(" \t");
    shaped = end;
  }
  code.add(text_.substr(from));
  add_shape(text_.size());
  code.drop_trailing(" \t\n");
  shape.drop_trailing(" \t\n");
  return CodeDigests{code.finish(), shape.finish()};
}

void SourceScanner::see_token() {
  lambdas_.see(token_, depth_);
  if (token_.is(Keyword::kYield)) {
    if (count_yields_ && !lambdas_.inside()) functions_.see_effect(block().function);
  } else if (token_.is(TokenKind::kTemplateStart)) {
    see_template_string();
  }
}

void SourceScanner::fail(const char* doubt) {
  if (scan_.sure) {
    scan_.sure = false;
    scan_.doubt = std::string(doubt) + " (line " + std::to_string(line_of(token_.begin)) + ")";
  }
  token_ = Token{};
  depth_ = 0;
}

bool SourceScanner::at_word(std::string_view word) const {
  return token_.is(TokenKind::kName) && text_of(token_) == word;
}

bool SourceScanner::at_statement_end() const {
  return at(TokenKind::kNewline) || at(TokenKind::kEnd) || (at(TokenKind::kSemicolon) && depth_ == 0);
}

bool SourceScanner::expect(TokenKind kind, const char* doubt) {
  if (at(kind)) {
    shift();
    return true;
  }
  fail(doubt);
  return false;
}

bool SourceScanner::at_header_colon() const {
  return at(TokenKind::kColon) && depth_ == 0 && !lambdas_.in_parameters(0);
}

// Lines are counted only where they are asked for, and only forward.
std::uint32_t SourceScanner::line_of(std::uint32_t offset) {
  if (offset < line_offset_) {
    line_ = 1;
    line_offset_ = 0;
  }
  line_ += static_cast<std::uint32_t>(std::count(text_.data() + line_offset_, text_.data() + offset, '\n'));
  line_offset_ = offset;
  return line_;
}

void SourceScanner::run_statements() {
  for (;;) {
    switch (token_.kind) {
      case TokenKind::kEnd:
        return;
      case TokenKind::kDedent:
        leave_block();
        shift();
        break;
      case TokenKind::kIndent:
        fail("unexpected indentation");
        return;
      default:
        logical_line();
    }
  }
}

void SourceScanner::enter_block(BlockKind kind, BranchFlags flags) {
  if (blocks_.size() >= kMaxBlocks) return fail("blocks are nested too deeply");
  const Block& outer = block();
  Block inner;
  inner.kind = kind;
  inner.flags.unreachable = outer.flags.unreachable || flags.unreachable;
  inner.flags.mypy_only = outer.flags.mypy_only || flags.mypy_only;
  inner.in_class = outer.in_class || kind == BlockKind::kClass;
  if (kind == BlockKind::kFunction) {
    inner.function = functions_.size();
  } else if (kind != BlockKind::kClass) {
    inner.function = outer.function;
  }
  blocks_.push_back(inner);
}

void SourceScanner::leave_block() {
  if (block().kind == BlockKind::kFunction) functions_.leave(scan_);
  blocks_.pop_back();
}

// From the colon of a header: the suite on its line, or the start of an indented block.
void SourceScanner::block_body(BlockKind kind, BranchFlags flags) {
  if (!expect(TokenKind::kColon, "a header without a colon")) return;
  lambdas_.restart();
  count_yields_ = true;
  in_annotation_ = false;
  if (at(TokenKind::kNewline)) {
    shift();
    if (!at(TokenKind::kIndent)) return fail("a block is missing");
    shift();
    enter_block(kind, flags);
    return;
  }
  enter_block(kind, flags);
  if (!scan_.sure) return;
  simple_statements();
  if (match_header_) return fail("a match statement behind a colon");
  leave_block();
}

void SourceScanner::see_template_string() {
  if (!cut_ && !in_annotation_) functions_.see_template_string(scan_);
}

void SourceScanner::read_comments() {
  bool ignored = false;
  for (const Comment& comment : lexer_.comments()) {
    const std::string_view content = text_.substr(comment.begin, comment.end - comment.begin);
    if (comment.first_column) add_inline_options(content, inline_options_);
    ignored = ignored || (comment.before_tokens && is_ignore_comment(content));
  }
  scan_.ignores_errors = inline_options_.ignore_errors;
  if (!ignored) return;
  // An ignore before the first statement empties the module.
  scan_.imports.clear();
  scan_.template_strings = false;
  scan_.template_strings_kept = false;
  scan_.module_getattr = false;
}

}  // namespace graph

#include "graph/attribute_target.h"

#include "graph/identifier.h"

namespace graph {

void AttributeTarget::restart() {
  groups_.clear();
  skipped_brackets_ = 0;
  element_ = Element::kNothing;
  found_ = false;
  comma_ = false;
}

void AttributeTarget::feed(const Token& token, std::string_view text, std::string_view name) {
  if (token.opens()) return open(token);
  if (token.closes()) return close(token);
  if (skipped_brackets_ != 0) return;
  switch (token.kind) {
    case TokenKind::kComma:
      found_ = found();
      comma_ = true;
      element_ = Element::kNothing;
      break;
    case TokenKind::kStar:
      if (element_ != Element::kNothing) element_ = Element::kOther;
      break;
    case TokenKind::kDot:
      element_ = element_ == Element::kName ? Element::kNameAndDot : Element::kOther;
      break;
    case TokenKind::kName:
      if (element_ == Element::kNameAndDot) {
        element_ = Element::kAttribute;
      } else if (element_ == Element::kNothing) {
        const std::string_view word = token.text(text);
        const bool same = word == name || (!is_ascii(word) && normalised_name(word) == name);
        element_ = same ? Element::kName : Element::kOther;
      } else {
        element_ = Element::kOther;
      }
      break;
    default:
      element_ = Element::kOther;
  }
}

void AttributeTarget::open(const Token& token) {
  const bool group = token.is(TokenKind::kLeftParen) || token.is(TokenKind::kLeftBracket);
  if (skipped_brackets_ != 0 || element_ != Element::kNothing || !group) {
    ++skipped_brackets_;
    element_ = Element::kOther;
    return;
  }
  groups_.push_back({found_, comma_});
  found_ = false;
  comma_ = false;
}

void AttributeTarget::close(const Token& token) {
  if (skipped_brackets_ != 0) {
    --skipped_brackets_;
    return;
  }
  if (groups_.empty()) return;
  const bool transparent = token.is(TokenKind::kRightParen) && !comma_;
  if (!transparent) element_ = found() ? Element::kAttribute : Element::kOther;
  if (element_ == Element::kNothing) element_ = Element::kOther;
  found_ = groups_.back().found_before;
  comma_ = groups_.back().comma_before;
  groups_.pop_back();
}

}  // namespace graph

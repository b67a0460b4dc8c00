#include "graph/reachability.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "graph/identifier.h"
#include "graph/string_literal.h"

namespace graph {
namespace {

using Tokens = std::span<const Token>;

// Where the bracket that opens at `at` closes; the size if it does not.
std::size_t closing(Tokens tokens, std::size_t at) {
  std::size_t depth = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].opens()) ++depth;
    if (tokens[at].closes() && --depth == 0) return at;
  }
  return tokens.size();
}

// Index of the first token outside of brackets from `at` on that `wanted` accepts; the size if there is none.
template <typename Wanted>
std::size_t find_outside(Tokens tokens, std::size_t at, Wanted wanted) {
  for (; at < tokens.size(); ++at) {
    if (wanted(tokens[at])) return at;
    if (tokens[at].opens()) at = closing(tokens, at);
  }
  return tokens.size();
}

// A token that makes an expression something weaker than an operand of `and` and `or`.
bool is_weaker_than_or(const Token& token) {
  return token.is(Keyword::kIf) || token.is(Keyword::kElse) || token.is(Keyword::kLambda) ||
         token.is(Keyword::kYield) || token.is(Keyword::kFor) || token.is(TokenKind::kComma) ||
         token.is(TokenKind::kWalrus) || token.is(TokenKind::kAssign) || token.is(TokenKind::kColon);
}

// Removes parentheses around the whole: `((x))` -> `x`, but not those of a tuple.
Tokens strip_parentheses(Tokens tokens) {
  while (tokens.size() > 2 && tokens.front().is(TokenKind::kLeftParen) &&
         closing(tokens, 0) == tokens.size() - 1) {
    const Tokens inner = tokens.subspan(1, tokens.size() - 2);
    if (find_outside(inner, 0, is_weaker_than_or) != inner.size()) break;
    tokens = inner;
  }
  return tokens;
}

class Condition {
 public:
  Condition(std::string_view text, const ScanTarget& target) : text_(text), target_(target) {}

  TruthValue value(Tokens tokens) const;

 private:
  TruthValue conjunction(Tokens tokens) const;
  TruthValue inversion(Tokens tokens) const;
  TruthValue operand(Tokens tokens) const;
  TruthValue name_value(std::string_view name) const;
  TruthValue comparison(Tokens left, Tokens operation, Tokens right) const;
  TruthValue platform_call(Tokens tokens) const;

  bool is_name(const Token& token, std::string_view name) const;
  bool is_sys_attribute(Tokens tokens, std::string_view attribute) const;
  std::optional<std::int32_t> integer(Tokens tokens) const;
  std::optional<std::vector<std::int32_t>> integer_tuple(Tokens tokens) const;
  std::optional<std::string> string(Tokens tokens) const;
  std::optional<bool> container_has_platform(Tokens tokens) const;
  struct VersionPart;
  std::optional<VersionPart> version_part(Tokens tokens) const;
  TruthValue version_comparison(Tokens left, TokenKind operation, Tokens right) const;

  std::string_view text_;
  const ScanTarget& target_;
};

// A part of sys.version_info: one element if `index`, else the slice [low:high].
struct Condition::VersionPart {
  bool index = false;
  std::int32_t low = 0;
  std::int32_t high = 2;
};

// Combines the operands of one operator; `or` is `and` with the truths turned round.
struct Operands {
  bool decided = false;       // one operand alone decides, for always
  bool mypy_decided = false;  // ... for mypy
  bool neutral = false;
  bool mypy_neutral = false;
  bool unknown = false;

  void add(TruthValue value, TruthValue deciding, TruthValue mypy_deciding, TruthValue always_neutral) {
    if (value == deciding) {
      decided = true;
    } else if (value == mypy_deciding) {
      mypy_decided = true;
    } else if (value == TruthValue::kUnknown) {
      unknown = true;
    } else if (value == always_neutral) {
      neutral = true;
    } else {
      mypy_neutral = true;
    }
  }
};

TruthValue Condition::value(Tokens tokens) const {
  tokens = strip_parentheses(tokens);
  if (tokens.empty() || find_outside(tokens, 0, is_weaker_than_or) != tokens.size())
    return TruthValue::kUnknown;
  const auto is_or = [](const Token& token) { return token.is(Keyword::kOr); };
  std::size_t stop = find_outside(tokens, 0, is_or);
  if (stop == tokens.size()) return conjunction(tokens);
  Operands all;
  for (std::size_t begin = 0;;) {
    all.add(conjunction(tokens.subspan(begin, stop - begin)), TruthValue::kAlwaysTrue, TruthValue::kMypyTrue,
            TruthValue::kAlwaysFalse);
    if (stop == tokens.size()) break;
    begin = stop + 1;
    stop = find_outside(tokens, begin, is_or);
  }
  if (all.decided) return TruthValue::kAlwaysTrue;
  if (all.mypy_decided) return TruthValue::kMypyTrue;
  if (all.unknown) return TruthValue::kUnknown;
  return all.neutral ? TruthValue::kAlwaysFalse : TruthValue::kMypyFalse;
}

TruthValue Condition::conjunction(Tokens tokens) const {
  const auto is_and = [](const Token& token) { return token.is(Keyword::kAnd); };
  std::size_t stop = find_outside(tokens, 0, is_and);
  if (stop == tokens.size()) return inversion(tokens);
  Operands all;
  for (std::size_t begin = 0;;) {
    all.add(inversion(tokens.subspan(begin, stop - begin)), TruthValue::kAlwaysFalse, TruthValue::kMypyFalse,
            TruthValue::kAlwaysTrue);
    if (stop == tokens.size()) break;
    begin = stop + 1;
    stop = find_outside(tokens, begin, is_and);
  }
  if (all.decided) return TruthValue::kAlwaysFalse;
  if (all.mypy_decided) return TruthValue::kMypyFalse;
  if (all.unknown) return TruthValue::kUnknown;
  return all.mypy_neutral ? TruthValue::kMypyTrue : TruthValue::kAlwaysTrue;
}

TruthValue Condition::inversion(Tokens tokens) const {
  bool inverted = false;
  while (!tokens.empty() && tokens.front().is(Keyword::kNot)) {
    inverted = !inverted;
    tokens = tokens.subspan(1);
  }
  const TruthValue value = operand(tokens);
  if (!inverted) return value;
  switch (value) {
    case TruthValue::kAlwaysTrue:
      return TruthValue::kAlwaysFalse;
    case TruthValue::kMypyTrue:
      return TruthValue::kMypyFalse;
    case TruthValue::kAlwaysFalse:
      return TruthValue::kAlwaysTrue;
    case TruthValue::kMypyFalse:
      return TruthValue::kMypyTrue;
    case TruthValue::kUnknown:
      break;
  }
  return TruthValue::kUnknown;
}

bool is_comparison(const Token& token) {
  return (token.kind >= TokenKind::kEqual && token.kind <= TokenKind::kGreaterEqual) ||
         token.is(Keyword::kIn) || token.is(Keyword::kIs) || token.is(Keyword::kNot);
}

bool is_arithmetic(const Token& token) {
  return token.is(TokenKind::kOperator) || token.is(TokenKind::kStar) || token.is(TokenKind::kPipe) ||
         token.is(TokenKind::kAt) || token.is(Keyword::kAwait);
}

// One operand of `and`, `or`, `not`: a comparison, or a name, an attribute, a call...
TruthValue Condition::operand(Tokens tokens) const {
  if (tokens.empty()) return TruthValue::kUnknown;
  if (tokens.front().is(TokenKind::kLeftParen) && closing(tokens, 0) == tokens.size() - 1) {
    return tokens.size() > 2 ? value(tokens.subspan(1, tokens.size() - 2)) : TruthValue::kUnknown;
  }
  if (const std::size_t at = find_outside(tokens, 0, is_comparison); at != tokens.size()) {
    std::size_t right = at + 1;
    if (right < tokens.size() && (tokens[at].is(Keyword::kNot) || tokens[right].is(Keyword::kNot))) ++right;
    if (find_outside(tokens, right, is_comparison) != tokens.size()) return TruthValue::kUnknown;
    return comparison(tokens.first(at), tokens.subspan(at, right - at), tokens.subspan(right));
  }
  if (find_outside(tokens, 0, is_arithmetic) != tokens.size()) return TruthValue::kUnknown;
  const Token& last = tokens.back();
  if (tokens.size() == 1 && last.is(Keyword::kTrue)) {
    return std::ranges::count(target_.always_true, "True") > 0 ? TruthValue::kAlwaysTrue
                                                               : TruthValue::kUnknown;
  }
  if (tokens.size() == 1 && last.is(Keyword::kFalse)) {
    return std::ranges::count(target_.always_false, "False") > 0 ? TruthValue::kAlwaysFalse
                                                                 : TruthValue::kUnknown;
  }
  if (last.is(TokenKind::kName)) return name_value(last.text(text_));
  return platform_call(tokens);
}

TruthValue Condition::name_value(std::string_view name) const {
  if (name == "MYPY" || name == "TYPE_CHECKING") return TruthValue::kMypyTrue;
  if (name == "PY2") return TruthValue::kAlwaysFalse;
  if (name == "PY3") return TruthValue::kAlwaysTrue;
  if (!is_ascii(name)) {
    const std::string normalised = normalised_name(name);
    if (normalised != name) return name_value(normalised);
  }
  if (std::ranges::count(target_.always_true, name) > 0) return TruthValue::kAlwaysTrue;
  if (std::ranges::count(target_.always_false, name) > 0) return TruthValue::kAlwaysFalse;
  return TruthValue::kUnknown;
}

bool Condition::is_name(const Token& token, std::string_view name) const {
  const std::string_view text = token.text(text_);
  return token.is(TokenKind::kName) && (text == name || (!is_ascii(text) && normalised_name(text) == name));
}

bool Condition::is_sys_attribute(Tokens tokens, std::string_view attribute) const {
  tokens = strip_parentheses(tokens);
  if (tokens.size() < 3 || !is_name(tokens.back(), attribute) ||
      !tokens[tokens.size() - 2].is(TokenKind::kDot)) {
    return false;
  }
  const Tokens base = strip_parentheses(tokens.first(tokens.size() - 2));
  return base.size() == 1 && is_name(base.front(), "sys");
}

std::optional<std::int32_t> Condition::integer(Tokens tokens) const {
  tokens = strip_parentheses(tokens);
  if (tokens.size() != 1 || !tokens.front().is(TokenKind::kInt)) return std::nullopt;
  std::string_view digits = tokens.front().text(text_);
  std::int64_t radix = 10;
  if (digits.size() > 2 && digits[0] == '0') {
    const char letter = static_cast<char>(digits[1] | 0x20);
    radix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
    if (radix != 10) digits.remove_prefix(2);
  }
  std::int64_t number = 0;
  for (const char c : digits) {
    if (c == '_') continue;
    number = number * radix + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    if (number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  }
  return static_cast<std::int32_t>(number);
}

// Calls `use` with each element between commas outside of brackets until it returns false; a trailing comma
// gives no element. Returns whether all were accepted.
template <typename Use>
bool all_elements(Tokens tokens, Use use) {
  const auto is_comma = [](const Token& token) { return token.is(TokenKind::kComma); };
  for (std::size_t begin = 0; begin < tokens.size();) {
    const std::size_t stop = find_outside(tokens, begin, is_comma);
    if (!use(tokens.subspan(begin, stop - begin))) return false;
    begin = stop + 1;
  }
  return true;
}

// The inside of a display that is all of `tokens`; of a tuple only with parentheses.
std::optional<Tokens> display(Tokens tokens) {
  tokens = strip_parentheses(tokens);
  if (tokens.size() < 2 || closing(tokens, 0) != tokens.size() - 1) return std::nullopt;
  const Tokens inner = tokens.subspan(1, tokens.size() - 2);
  switch (tokens.front().kind) {
    case TokenKind::kLeftParen: {
      const auto is_comma = [](const Token& token) { return token.is(TokenKind::kComma); };
      if (!inner.empty() && find_outside(inner, 0, is_comma) == inner.size()) return std::nullopt;
      return inner;
    }
    case TokenKind::kLeftBracket:
      return inner;
    case TokenKind::kLeftBrace:
      if (inner.empty()) return std::nullopt;  // a dict
      return inner;
    default:
      return std::nullopt;
  }
}

std::optional<std::vector<std::int32_t>> Condition::integer_tuple(Tokens tokens) const {
  tokens = strip_parentheses(tokens);
  if (tokens.empty() || !tokens.front().is(TokenKind::kLeftParen)) return std::nullopt;
  const std::optional<Tokens> inner = display(tokens);
  if (!inner) return std::nullopt;
  std::vector<std::int32_t> numbers;
  const bool valid = all_elements(*inner, [&](Tokens element) {
    const std::optional<std::int32_t> number = integer(element);
    if (number) numbers.push_back(*number);
    return number.has_value();
  });
  if (!valid) return std::nullopt;
  return numbers;
}

std::optional<std::string> Condition::string(Tokens tokens) const {
  tokens = strip_parentheses(tokens);
  if (tokens.empty()) return std::nullopt;
  std::string value;
  for (const Token& token : tokens) {
    if (!token.is(TokenKind::kString)) return std::nullopt;
    value += string_literal_value(token.text(text_));
  }
  return value;
}

std::optional<bool> Condition::container_has_platform(Tokens tokens) const {
  const std::optional<Tokens> inner = display(tokens);
  if (!inner) return std::nullopt;
  bool contains = false;
  const bool valid = all_elements(*inner, [&](Tokens element) {
    const std::optional<std::string> value = string(element);
    contains = contains || value == target_.platform;
    return value.has_value();
  });
  if (!valid) return std::nullopt;
  return contains;
}

std::optional<Condition::VersionPart> Condition::version_part(Tokens tokens) const {
  tokens = strip_parentheses(tokens);
  if (is_sys_attribute(tokens, "version_info")) return VersionPart{};
  if (tokens.size() < 4 || !tokens.back().is(TokenKind::kRightBracket)) return std::nullopt;
  const auto is_bracket = [](const Token& token) { return token.is(TokenKind::kLeftBracket); };
  const std::size_t open = find_outside(tokens, 0, is_bracket);
  if (open == tokens.size() || closing(tokens, open) != tokens.size() - 1) return std::nullopt;
  if (!is_sys_attribute(tokens.first(open), "version_info")) return std::nullopt;
  const Tokens inside = tokens.subspan(open + 1, tokens.size() - open - 2);
  const auto is_colon = [](const Token& token) { return token.is(TokenKind::kColon); };
  const std::size_t first = find_outside(inside, 0, is_colon);
  if (first == inside.size()) {
    const std::optional<std::int32_t> index = integer(inside);
    if (!index) return std::nullopt;
    return VersionPart{true, *index, 0};
  }
  VersionPart part;
  const std::size_t second = find_outside(inside, first + 1, is_colon);
  const auto read = [&](Tokens bound, std::int32_t& number) {
    if (bound.empty()) return true;
    const std::optional<std::int32_t> value = integer(bound);
    number = value.value_or(0);
    return value.has_value();
  };
  std::int32_t step = 1;
  const Tokens step_tokens = second < inside.size() ? inside.subspan(second + 1) : Tokens{};
  if (!read(inside.first(first), part.low) ||
      !read(inside.subspan(first + 1, second - first - 1), part.high) || !read(step_tokens, step) ||
      step != 1) {
    return std::nullopt;
  }
  return part;
}

TruthValue compare(std::strong_ordering order, TokenKind operation) {
  const bool holds = operation == TokenKind::kEqual       ? order == 0
                     : operation == TokenKind::kNotEqual  ? order != 0
                     : operation == TokenKind::kLess      ? order < 0
                     : operation == TokenKind::kLessEqual ? order <= 0
                     : operation == TokenKind::kGreater   ? order > 0
                                                          : order >= 0;
  return holds ? TruthValue::kAlwaysTrue : TruthValue::kAlwaysFalse;
}

TruthValue Condition::version_comparison(Tokens left, TokenKind operation, Tokens right) const {
  const std::optional<VersionPart> part = version_part(left);
  if (!part) return TruthValue::kUnknown;
  const std::array<std::int32_t, 2> version{target_.python_major, target_.python_minor};
  if (part->index) {
    const std::optional<std::int32_t> number = integer(right);
    if (!number || part->low < 0 || part->low > 1) return TruthValue::kUnknown;
    return compare(version[static_cast<std::size_t>(part->low)] <=> *number, operation);
  }
  const std::optional<std::vector<std::int32_t>> numbers = integer_tuple(right);
  if (!numbers || part->low < 0 || part->high > 2 || part->low >= part->high) return TruthValue::kUnknown;
  const auto size = static_cast<std::size_t>(part->high - part->low);
  const bool equality = operation == TokenKind::kEqual || operation == TokenKind::kNotEqual;
  if (numbers->size() > size || (equality && numbers->size() != size)) return TruthValue::kUnknown;
  const auto* const begin = version.data() + part->low;
  return compare(
      std::lexicographical_compare_three_way(begin, begin + size, numbers->begin(), numbers->end()),
      operation);
}

TokenKind mirrored(TokenKind operation) {
  switch (operation) {
    case TokenKind::kLess:
      return TokenKind::kGreater;
    case TokenKind::kLessEqual:
      return TokenKind::kGreaterEqual;
    case TokenKind::kGreater:
      return TokenKind::kLess;
    case TokenKind::kGreaterEqual:
      return TokenKind::kLessEqual;
    default:
      return operation;
  }
}

TruthValue Condition::comparison(Tokens left, Tokens operation, Tokens right) const {
  const Token& first = operation.front();
  const auto truth = [](bool holds) { return holds ? TruthValue::kAlwaysTrue : TruthValue::kAlwaysFalse; };
  if (first.is(Keyword::kIs)) return TruthValue::kUnknown;
  if (first.is(Keyword::kIn) || first.is(Keyword::kNot)) {
    if (!is_sys_attribute(left, "platform")) return TruthValue::kUnknown;
    const std::optional<bool> contains = container_has_platform(right);
    return contains ? truth(*contains == first.is(Keyword::kIn)) : TruthValue::kUnknown;
  }
  TruthValue value = version_comparison(left, first.kind, right);
  if (value == TruthValue::kUnknown) value = version_comparison(right, mirrored(first.kind), left);
  if (value != TruthValue::kUnknown) return value;
  if (!first.is(TokenKind::kEqual) && !first.is(TokenKind::kNotEqual)) return TruthValue::kUnknown;
  if (!is_sys_attribute(left, "platform")) return TruthValue::kUnknown;
  const std::optional<std::string> literal = string(right);
  return literal ? truth((*literal == target_.platform) == first.is(TokenKind::kEqual))
                 : TruthValue::kUnknown;
}

// sys.platform.startswith("...") with one positional argument; keyword arguments do not count.
TruthValue Condition::platform_call(Tokens tokens) const {
  const auto opens = [](const Token& token) { return token.opens(); };
  std::size_t open = find_outside(tokens, 0, opens);
  while (open < tokens.size() && closing(tokens, open) != tokens.size() - 1) {
    open = find_outside(tokens, closing(tokens, open) + 1, opens);
  }
  if (open >= tokens.size() || !tokens[open].is(TokenKind::kLeftParen)) return TruthValue::kUnknown;
  const Tokens callee = strip_parentheses(tokens.first(open));
  if (callee.size() < 5 || !is_name(callee.back(), "startswith") ||
      !callee[callee.size() - 2].is(TokenKind::kDot) ||
      !is_sys_attribute(callee.first(callee.size() - 2), "platform")) {
    return TruthValue::kUnknown;
  }
  int positional = 0;
  std::optional<std::string> prefix;
  all_elements(tokens.subspan(open + 1, tokens.size() - open - 2), [&](Tokens argument) {
    const bool keyword = (argument.size() > 1 && argument[1].is(TokenKind::kAssign)) ||
                         (!argument.empty() && argument.front().is(TokenKind::kOperator) &&
                          argument.front().text(text_) == "**");
    if (!keyword) {
      ++positional;
      prefix = string(argument);
    }
    return true;
  });
  if (positional != 1 || !prefix) return TruthValue::kUnknown;
  return target_.platform.starts_with(*prefix) ? TruthValue::kAlwaysTrue : TruthValue::kAlwaysFalse;
}

bool catches_all(Tokens pattern) {
  while (pattern.size() > 2 && pattern.front().is(TokenKind::kLeftParen) &&
         closing(pattern, 0) == pattern.size() - 1) {
    pattern = pattern.subspan(1, pattern.size() - 2);
  }
  if (pattern.size() == 1) return pattern.front().is(TokenKind::kName);
  const auto ends_alternatives = [](const Token& token) {
    return token.is(TokenKind::kComma) || token.is(Keyword::kAs);
  };
  if (find_outside(pattern, 0, ends_alternatives) != pattern.size()) return false;
  const auto is_bar = [](const Token& token) { return token.is(TokenKind::kPipe); };
  std::size_t stop = find_outside(pattern, 0, is_bar);
  if (stop == pattern.size()) return false;
  for (std::size_t begin = 0;;) {
    if (catches_all(pattern.subspan(begin, stop - begin))) return true;
    if (stop == pattern.size()) return false;
    begin = stop + 1;
    stop = find_outside(pattern, begin, is_bar);
  }
}

}  // namespace

TruthValue condition_value(TokenRange condition, const ScanTarget& target) {
  return Condition(condition.text, target).value(condition.tokens);
}

TruthValue pattern_value(TokenRange pattern) {
  return catches_all(pattern.tokens) ? TruthValue::kAlwaysTrue : TruthValue::kUnknown;
}

}  // namespace graph

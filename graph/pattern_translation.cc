// Writes the common subset of Python's and PCRE2's regular expressions in PCRE2's syntax.
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "graph/exclude_patterns.h"
#include "graph/python_text.h"

namespace graph {
namespace {

constexpr unsigned kMaxRepeat = 1000;  // PCRE2 has limits of its own beyond
constexpr unsigned kMaxDepth = 100;

bool is_ascii_alphanumeric(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_verbose_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::u32string code_points(std::string_view utf8) {
  std::u32string points;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<std::uint8_t>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      point = (point << 6) | (static_cast<std::uint8_t>(utf8[i + k]) & 0x3Fu);
    }
    points.push_back(point);
    i += length;
  }
  return points;
}

// A recursive descent over the subset; each function reads one construct and writes it, and gives false on
// anything else. What a construct may match is tracked as far as repeating it needs: the engines treat
// repeats of the empty match differently, so those are refused.
class Translation {
 public:
  explicit Translation(std::u32string pattern) : pattern_(std::move(pattern)) {}

  std::optional<TranslatedPattern> run() {
    if (pattern_.starts_with(U"(?x)")) {
      verbose_ = true;
      position_ = 4;
    }
    bool nullable = false;
    if (!alternatives(nullable, 0) || !at_end()) return std::nullopt;
    return TranslatedPattern{.text = std::move(out_), .ascii_only = ascii_only_};
  }

 private:
  // What an atom allows next.
  struct Atom {
    bool nullable = false;    // may match the empty string
    bool repeatable = false;  // a quantifier may follow
  };

  bool at_end() const { return position_ == pattern_.size(); }
  char32_t peek() const { return at_end() ? U'\0' : pattern_[position_]; }
  bool take(char32_t wanted) {
    if (at_end() || pattern_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  void skip_verbose() {
    while (verbose_ && !at_end() && (is_verbose_space(peek()) || peek() == '#')) {
      if (pattern_[position_++] != '#') continue;
      while (!at_end() && pattern_[position_++] != '\n') {
      }
    }
  }

  bool alternatives(bool& nullable, unsigned depth) {
    if (depth > kMaxDepth) return false;
    bool branch_nullable = false;
    if (!sequence(branch_nullable, depth)) return false;
    nullable = branch_nullable;
    while (take('|')) {
      out_ += '|';
      if (!sequence(branch_nullable, depth)) return false;
      nullable = nullable || branch_nullable;
    }
    return true;
  }

  bool sequence(bool& nullable, unsigned depth) {
    nullable = true;
    while (true) {
      skip_verbose();
      if (at_end() || peek() == '|' || peek() == ')') return true;
      Atom atom;
      if (!read_atom(atom, depth)) return false;
      skip_verbose();
      bool optional = false;
      if (!read_quantifier(atom, optional)) return false;
      nullable = nullable && (atom.nullable || optional);
    }
  }

  bool read_atom(Atom& atom, unsigned depth) {
    const char32_t c = pattern_[position_++];
    switch (c) {
      case '^':
      case '$':
        atom = {.nullable = true, .repeatable = false};
        out_ += static_cast<char>(c);
        return true;
      case '.':
        atom = {.nullable = false, .repeatable = true};
        out_ += '.';
        return true;
      case '[':
        atom = {.nullable = false, .repeatable = true};
        return read_class();
      case '(':
        return read_group(atom, depth);
      case '\\':
        return read_escape(atom);
      case '*':
      case '+':
      case '?':
      case '{':
      case '\0':
        return false;
      default:
        atom = {.nullable = false, .repeatable = true};
        write_literal(c);
        return true;
    }
  }

  bool read_group(Atom& atom, unsigned depth) {
    bool lookahead = false;
    out_ += "(?";
    if (take('?')) {
      if (take(':')) {
        out_ += ':';
      } else if (peek() == '=' || peek() == '!') {
        lookahead = true;
        out_ += static_cast<char>(pattern_[position_++]);
      } else {
        return false;
      }
    } else {
      out_ += ':';  // without back references a capture is only a group
    }
    bool nullable = false;
    if (!alternatives(nullable, depth + 1) || !take(')')) return false;
    out_ += ')';
    atom = {.nullable = nullable || lookahead, .repeatable = !lookahead};
    return true;
  }

  bool read_escape(Atom& atom) {
    if (at_end()) return false;
    const char32_t c = pattern_[position_++];
    atom = {.nullable = false, .repeatable = true};
    if (!is_ascii_alphanumeric(c) && c != '\0') {
      write_literal(c);
      return true;
    }
    switch (c) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
      case 's':
      case 'S':
        write_shorthand(c);
        return true;
      case 'b':  // not \B: Python's versions differ on the empty text
        atom = {.nullable = true, .repeatable = false};
        write_shorthand(c);
        return true;
      case 'A':
        atom = {.nullable = true, .repeatable = false};
        out_ += "\\A";
        return true;
      case 'Z':  // the very end in Python
        atom = {.nullable = true, .repeatable = false};
        out_ += "\\z";
        return true;
      default:
        return false;
    }
  }

  bool read_class() {
    out_ += take('^') ? "[^" : "[";
    for (bool first = true; first || peek() != ']'; first = false) {
      char32_t low = 0;
      bool shorthand = false;
      if (!read_class_member(low, shorthand)) return false;
      if (shorthand) {
        // "\w-x" is an error; a "-" before the end is itself
        if (peek() == '-' && (position_ + 1 >= pattern_.size() || pattern_[position_ + 1] != ']'))
          return false;
        continue;
      }
      write_literal(low);
      if (peek() != '-' || position_ + 1 >= pattern_.size() || pattern_[position_ + 1] == ']') continue;
      ++position_;
      char32_t high = 0;
      if (!read_class_member(high, shorthand) || shorthand || high < low || high == '-') return false;
      out_ += '-';
      write_literal(high);
    }
    ++position_;
    out_ += ']';
    return true;
  }

  bool read_class_member(char32_t& point, bool& shorthand) {
    if (at_end()) return false;
    point = pattern_[position_++];
    shorthand = false;
    // Python warns of these: a later version may give them a meaning as set operations.
    if (point == '[' || point == '\0') return false;
    const bool doubled = !at_end() && pattern_[position_] == point;
    if (doubled && (point == '-' || point == '&' || point == '~' || point == '|')) return false;
    if (point != '\\') return true;
    if (at_end()) return false;
    point = pattern_[position_++];
    if (!is_ascii_alphanumeric(point)) return point != '\0';
    shorthand = point == 'd' || point == 'D' || point == 'w' || point == 'W' || point == 's' || point == 'S';
    if (shorthand) write_shorthand(point);
    return shorthand;
  }

  bool read_quantifier(const Atom& atom, bool& optional) {
    unsigned low = 0;
    std::optional<unsigned> high;
    if (take('*')) {
    } else if (take('+')) {
      low = 1;
    } else if (take('?')) {
      high = 1;
    } else if (take('{')) {
      if (!read_bounds(low, high)) return false;
    } else {
      return true;
    }
    if (!atom.repeatable || atom.nullable) return false;
    optional = low == 0;
    out_ += '{' + std::to_string(low) + ',' + (high ? std::to_string(*high) : "") + '}';
    if (take('?')) out_ += '?';
    skip_verbose();
    return peek() != '*' && peek() != '+' && peek() != '?' && peek() != '{';
  }

  bool read_bounds(unsigned& low, std::optional<unsigned>& high) {
    const std::optional<unsigned> first = read_number();
    low = first.value_or(0);
    bool open = false;
    if (take(',')) {
      high = read_number();
      open = !high;
    } else {
      high = first;
    }
    if (!take('}') || (!first && !high)) return false;  // "{}" and "{,}" are easily taken for literals
    if (low > kMaxRepeat || (high && (*high > kMaxRepeat || *high < low))) return false;
    return open || high.has_value();
  }

  std::optional<unsigned> read_number() {
    std::optional<unsigned> number;
    while (peek() >= '0' && peek() <= '9') {
      number = number.value_or(0) * 10 + static_cast<unsigned>(pattern_[position_++] - '0');
      if (*number > kMaxRepeat) break;  // refused by the caller; must not overflow
    }
    return number;
  }

  void write_literal(char32_t point) {
    if (is_ascii_alphanumeric(point)) {
      out_ += static_cast<char>(point);
      return;
    }
    std::array<char, 8> digits{};
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::uint32_t>(point), 16);
    out_ += "\\x{" + std::string(digits.data(), end) + '}';
  }

  void write_shorthand(char32_t letter) {
    ascii_only_ = true;
    out_ += '\\';
    out_ += static_cast<char>(letter);
  }

  std::u32string pattern_;
  std::size_t position_ = 0;
  bool verbose_ = false;
  bool ascii_only_ = false;
  std::string out_;
};

}  // namespace

std::optional<TranslatedPattern> translate_pattern(std::string_view python) {
  if (!python_text::is_utf8(python)) return std::nullopt;
  return Translation(code_points(python)).run();
}

}  // namespace graph

#include "graph/type_comment.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace graph {
namespace {

constexpr std::string_view kInlinePrefix = "# mypy:";

// Length of the white space character `text` starts with, 0 if it starts with none. Unicode's White_Space
// beyond ASCII: U+0085, U+00A0, U+1680, U+2000-200A, U+2028, U+2029, U+202F, U+205F, U+3000.
std::size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned char first = byte(0);
  if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
  if (first == 0xC2 && (byte(1) == 0x85 || byte(1) == 0xA0)) return 2;
  if (first == 0xE1 && byte(1) == 0x9A && byte(2) == 0x80) return 3;
  if (first == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) return 3;
  if (first == 0xE2 && byte(1) == 0x81 && byte(2) == 0x9F) return 3;
  if (first == 0xE2 && byte(1) == 0x80) {
    const unsigned char last = byte(2);
    if ((last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF) return 3;
  }
  return 0;
}

std::string_view trim_start(std::string_view text) {
  for (std::size_t size = leading_blank(text); size != 0; size = leading_blank(text))
    text.remove_prefix(size);
  return text;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
    if (leading_blank(text.substr(begin)) != text.size() - begin) break;
    text = text.substr(0, begin);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  return trim_end(trim_start(text));
}

// Calls `use` with each piece between separators until it returns false.
template <typename Use>
void split(std::string_view text, char separator, Use use) {
  for (;;) {
    const std::size_t stop = text.find(separator);
    if (!use(text.substr(0, stop)) || stop == std::string_view::npos) return;
    text.remove_prefix(stop + 1);
  }
}

bool are_error_codes(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != '[' || text.back() != ']' || text.size() < 2) return false;
  bool valid = true;
  split(text.substr(1, text.size() - 2), ',', [&](std::string_view code) {
    // Bytes above ASCII are taken for letters: no code has any.
    valid = valid && std::ranges::all_of(trim(code), [](char c) {
              return (c >= '0' && c <= ':') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                     c == '-' || static_cast<unsigned char>(c) >= 0x80;
            });
    return valid;
  });
  return valid;
}

enum class Part { kUnknown, kIgnore, kInvalidIgnore, kAnnotation };

Part part_of(std::string_view part) {
  part = trim(part);
  const bool mypy = part.starts_with("mypy:");
  if (!mypy && !part.starts_with("type:")) return Part::kUnknown;
  part = trim_start(part.substr(5));
  constexpr std::string_view kIgnore = "ignore";
  if (part.starts_with(kIgnore)) {
    const std::string_view rest = part.substr(kIgnore.size());
    if (rest.empty() || rest.front() == '[' || leading_blank(rest) != 0) {
      return are_error_codes(trim(rest)) ? Part::kIgnore : Part::kInvalidIgnore;
    }
  }
  return mypy ? Part::kUnknown : Part::kAnnotation;
}

// Splits at commas outside of double quotes, which disappear.
std::vector<std::string> split_options(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void add_names(std::string_view value, std::vector<std::string>& names) {
  split(value, ',', [&](std::string_view name) {
    name = trim(name);
    if (!name.empty()) names.emplace_back(name);
    return true;
  });
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

void add_option(std::string_view option, InlineOptions& options) {
  option = trim(option);
  const std::size_t equals = option.find('=');
  std::string key(trim(option.substr(0, equals)));  // npos: all of it
  // An option without a value means `True`; for the lists that is a name like any other.
  const std::string_view value = equals == std::string_view::npos ? "True" : trim(option.substr(equals + 1));
  std::ranges::replace(key, '-', '_');
  if (key == "always_true") {
    add_names(value, options.always_true);
  } else if (key == "always_false") {
    add_names(value, options.always_false);
  } else if (key == "ignore_errors") {
    const std::string flag = lowered(value);
    if (flag == "1" || flag == "yes" || flag == "true" || flag == "on") options.ignore_errors = true;
    if (flag == "0" || flag == "no" || flag == "false" || flag == "off") options.ignore_errors = false;
  }
}

}  // namespace

bool is_ignore_comment(std::string_view comment) {
  bool found = false;
  bool skip_next = false;
  split(comment.substr(1), '#', [&](std::string_view part) {
    if (trim(part).empty()) {
      skip_next = true;
      return true;
    }
    if (std::exchange(skip_next, false)) return true;
    const Part kind = part_of(part);
    found = found || kind == Part::kIgnore;
    return kind != Part::kUnknown && !found;
  });
  return found;
}

void add_inline_options(std::string_view comment, InlineOptions& options) {
  if (!comment.starts_with(kInlinePrefix)) return;
  const std::string_view text = trim(comment.substr(kInlinePrefix.size()));
  if (text == "ignore" || text.starts_with("ignore[") || text.starts_with("ignore ")) return;
  for (const std::string& option : split_options(text)) add_option(option, options);
}

}  // namespace graph

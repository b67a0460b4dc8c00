#include "runner/json_message.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "runner/code_points.h"

namespace runner {
namespace {

// Characters with a short escape, and what follows the backslash there.
constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
constexpr std::string_view kLetters = "\"\\bfnrt";

void append_escape(std::string& out, std::uint32_t unit) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 15U];
}

bool is_plain(char c) {
  return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

// Everything outside printable ASCII is escaped, as Python's json.dumps does.
void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = at;
    while (at < text.size() && is_plain(text[at])) ++at;
    out.append(text, plain, at - plain);
    if (at == text.size()) break;
    const CodePoint point = code_point_at(text, at);
    const std::size_t short_escape = point.bytes == 1 ? kShort.find(text[at]) : std::string_view::npos;
    if (short_escape != std::string_view::npos) {
      out += '\\';
      out += kLetters[short_escape];
    } else if (point.value < 0x10000) {
      append_escape(out, point.value);
    } else {
      append_escape(out, 0xD800U + ((point.value - 0x10000U) >> 10));
      append_escape(out, 0xDC00U + ((point.value - 0x10000U) & 0x3FFU));
    }
    at += point.bytes;
  }
  out += '"';
}

void append_number(std::string& out, std::string_view name, std::int32_t value) {
  out += ", \"";
  out += name;
  out += "\": ";
  out += std::to_string(value);
}

// Reads what the functions above write, and nothing else.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  bool number(std::string_view name, std::int32_t& value) {
    if (!skip(", \"") || !skip(name) || !skip("\": ")) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  bool string(std::string& value) {
    if (!skip("\"")) return false;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c != '\\') {
        value += c;
      } else if (!escape(value)) {
        return false;
      }
    }
    return false;
  }

  bool optional(std::optional<std::string>& value) { return skip("null") || string(value.emplace()); }

  bool finished() const { return rest_.empty(); }

 private:
  bool escape(std::string& value) {
    if (rest_.empty()) return false;
    const std::size_t letter = kLetters.find(rest_.front());
    const bool hexadecimal = rest_.front() == 'u';
    rest_.remove_prefix(1);
    if (letter != std::string_view::npos) {
      value += kShort[letter];
      return true;
    }
    std::uint32_t point = 0;
    if (!hexadecimal || !unit(point)) return false;
    if (point >= 0xD800 && point < 0xDC00 && rest_.starts_with("\\u")) {
      const std::string_view before = rest_;
      rest_.remove_prefix(2);
      std::uint32_t low = 0;
      if (!unit(low)) return false;
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      } else {
        rest_ = before;
      }
    }
    append_code_point(value, point);
    return true;
  }

  bool unit(std::uint32_t& value) {
    if (rest_.size() < 4) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, value, 16);
    if (error != std::errc() || end != rest_.data() + 4) return false;
    rest_.remove_prefix(4);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::string json_message(const Finding& finding) {
  std::string out;
  out.reserve(finding.file.size() + finding.message.size() + 160);
  out += "{\"file\": ";
  append_string(out, finding.file);
  append_number(out, "line", finding.line);
  append_number(out, "column", finding.column);
  append_number(out, "end_line", finding.end_line);
  append_number(out, "end_column", finding.end_column);
  out += ", \"message\": ";
  append_string(out, finding.message);
  out += ", \"hint\": ";
  finding.hint ? append_string(out, *finding.hint) : void(out += "null");
  out += ", \"code\": ";
  finding.code ? append_string(out, *finding.code) : void(out += "null");
  out += finding.is_error ? ", \"severity\": \"error\"}" : ", \"severity\": \"note\"}";
  return out;
}

std::vector<std::string> json_messages(const ErrorTable& table) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings_in(table)) lines.push_back(json_message(finding));
  return lines;
}

std::optional<Finding> parse_json_message(std::string_view line) {
  Reader in(line);
  Finding finding;
  const bool read = in.skip("{\"file\": ") && in.string(finding.file) && in.number("line", finding.line) &&
                    in.number("column", finding.column) && in.number("end_line", finding.end_line) &&
                    in.number("end_column", finding.end_column) && in.skip(", \"message\": ") &&
                    in.string(finding.message) && in.skip(", \"hint\": ") && in.optional(finding.hint) &&
                    in.skip(", \"code\": ") && in.optional(finding.code);
  if (!read) return std::nullopt;
  finding.is_error = in.skip(", \"severity\": \"error\"}");
  if (!finding.is_error && !in.skip(", \"severity\": \"note\"}")) return std::nullopt;
  if (!in.finished()) return std::nullopt;
  return finding;
}

}  // namespace runner

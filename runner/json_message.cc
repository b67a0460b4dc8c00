#include "runner/json_message.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "runner/code_points.h"

namespace runner {
namespace {

struct JsonMessage {
  const ErrorRow* row = nullptr;
  std::optional<std::string> hint{};
};

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
  static constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kLetters = "\"\\bfnrt";
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

std::string rendered(const std::string& path, const JsonMessage& message) {
  const ErrorRow& row = *message.row;
  std::string out;
  out.reserve(path.size() + row.message.size() + 160);
  out += "{\"file\": ";
  append_string(out, path);
  append_number(out, "line", row.line);
  append_number(out, "column", row.column);
  append_number(out, "end_line", row.end_line);
  append_number(out, "end_column", row.end_column);
  out += ", \"message\": ";
  append_string(out, row.message);
  out += ", \"hint\": ";
  message.hint ? append_string(out, *message.hint) : void(out += "null");
  out += ", \"code\": ";
  row.code != nullptr ? append_string(out, *row.code) : void(out += "null");
  out += row.is_error ? ", \"severity\": \"error\"}" : ", \"severity\": \"note\"}";
  return out;
}

}  // namespace

std::vector<std::string> json_messages(const ErrorTable& table) {
  std::vector<JsonMessage> messages;
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> latest_error;  // by line and column
  for (const ErrorRow& row : table.rows()) {
    if (!row.in_file) continue;
    const std::pair place(row.line, row.column);
    if (row.is_error) {
      latest_error[place] = messages.size();
      messages.push_back({&row});
    } else if (const auto error = latest_error.find(place); error != latest_error.end()) {
      std::optional<std::string>& hint = messages[error->second].hint;
      if (hint) {
        *hint += '\n';
        *hint += row.message;
      } else {
        hint = std::string(row.message);
      }
    } else {
      messages.push_back({&row});
    }
  }
  std::vector<std::string> lines;
  lines.reserve(messages.size());
  for (const JsonMessage& message : messages) lines.push_back(rendered(table.path(), message));
  return lines;
}

}  // namespace runner

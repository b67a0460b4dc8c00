#include "runner/shown_text.h"

#include "runner/code_points.h"

namespace runner {
namespace {

constexpr char kDigits[] = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_control(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0);
}

bool is_no_character(char32_t value) {
  return (value >= 0xD800 && value <= 0xDFFF) || (value & 0xFFFEU) == 0xFFFE ||
         (value >= 0xFDD0 && value <= 0xFDEF);
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Letters of other scripts, digits, and the punctuation that neither Markdown nor HTML gives a meaning.
bool is_plain_in_markdown(char c) {
  constexpr std::string_view kHarmless = " ,;()'\"/=+?";
  return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
         kHarmless.find(c) != std::string_view::npos;
}

}  // namespace

std::string shown_text(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.value == '\n' || point.value == '\t' ||
        (!is_control(point.value) && !is_no_character(point.value))) {
      shown += text.substr(at, point.bytes);
    } else if (is_control(point.value)) {
      shown += "\\x";
      shown += kDigits[(point.value >> 4) & 15U];
      shown += kDigits[point.value & 15U];
    } else {
      shown += kReplacement;
    }
    at += point.bytes;
  }
  return shown;
}

std::string shown_line(std::string_view text) {
  std::string line = shown_text(text);
  for (char& c : line) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return line;
}

std::string xml_text(std::string_view text) {
  std::string xml;
  for (const char c : shown_text(text)) {
    switch (c) {
      case '&':
        xml += "&amp;";
        break;
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '"':
        xml += "&quot;";
        break;
      case '\n':
        xml += "&#10;";
        break;
      case '\t':
        xml += "&#9;";
        break;
      default:
        xml += c;
    }
  }
  return xml;
}

std::string markdown_text(std::string_view text) {
  std::string markdown;
  for (const char c : shown_line(text)) {
    if (is_plain_in_markdown(c)) {
      markdown += c;
    } else {
      markdown += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    }
  }
  return markdown;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved = "-._~/";
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += "0123456789ABCDEF"[byte >> 4];
    encoded += "0123456789ABCDEF"[byte & 15U];
  }
  return encoded;
}

}  // namespace runner

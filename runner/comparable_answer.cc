#include "runner/comparable_answer.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace runner {
namespace {

constexpr std::string_view kStderr = "stderr: ";
// Sorts behind every file name.
constexpr std::string_view kSummary = "\xf4\x8f\xbf\xbf";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The length of an escape sequence at the start of `text`: a colour, or the choice of a character set.
std::size_t escape_length(std::string_view text) {
  if (text.starts_with("\x1b(B")) return 3;
  if (!text.starts_with("\x1b[")) return 0;
  std::size_t end = 2;
  while (end < text.size() && (is_digit(text[end]) || text[end] == ';')) ++end;
  return end < text.size() && text[end] == 'm' ? end + 1 : 0;
}

std::string without_colours(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (const std::size_t length = escape_length(text); length > 0) {
      text.remove_prefix(length);
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

// "T`-1" and "T`7" become "T`#": the numbers count what a process has seen before.
std::string without_numbers(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    result += text[i];
    if (text[i++] != '`') continue;
    std::size_t end = i + (i < text.size() && text[i] == '-' ? 1 : 0);
    const std::size_t digits = end;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == digits) continue;
    result += '#';
    i = end;
  }
  return result;
}

bool is_summary(std::string_view line) {
  if (line.starts_with("Success: no issues found")) return true;
  constexpr std::string_view kFound = "Found ";
  if (!line.starts_with(kFound)) return false;
  line.remove_prefix(kFound.size());
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && line.substr(digits).starts_with(" error");
}

struct Message {
  std::string_view file;
  std::string_view text;
};

// FILE:LINE:COLUMN: error: TEXT, with any number of numbers.
std::optional<Message> parse_message(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(colon + 1);
  for (;;) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0 || digits == rest.size() || rest[digits] != ':') break;
    rest.remove_prefix(digits + 1);
  }
  for (const std::string_view severity : {" error: ", " note: ", " warning: "}) {
    if (rest.starts_with(severity)) return Message{line.substr(0, colon), rest.substr(severity.size())};
  }
  return std::nullopt;
}

std::optional<std::string> file_of_json(std::string_view line) {
  if (!line.starts_with('{')) return std::nullopt;
  const auto document = nlohmann::json::parse(line, nullptr, false);
  if (!document.is_object() || !document.contains("file") || !document["file"].is_string())
    return std::nullopt;
  return document["file"].get<std::string>();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A line that names no file (source shown by --pretty) belongs to the file before it; "In module imported
// here" to the message that follows.
std::vector<std::string> grouped_by_file(std::string_view text, bool colours) {
  std::map<std::string, std::vector<std::string>> groups;
  std::vector<std::string> waiting;
  std::string file;
  for (const std::string& raw : lines_of(text)) {
    const std::string plain = without_colours(raw);
    std::string line = without_numbers(colours ? raw : plain);
    const auto message = parse_message(plain);
    if (message && (message->text.starts_with("In module imported here") ||
                    message->text.starts_with("... from here"))) {
      waiting.push_back(std::move(line));
      continue;
    }
    if (is_summary(plain)) {
      file = kSummary;
    } else if (auto named = file_of_message(plain); !named.empty()) {
      file = std::move(named);
    }
    std::vector<std::string>& group = groups[file];
    group.insert(group.end(), waiting.begin(), waiting.end());
    waiting.clear();
    group.push_back(std::move(line));
  }
  std::vector<std::string> all;
  for (auto& [name, lines] : groups) all.insert(all.end(), lines.begin(), lines.end());
  all.insert(all.end(), waiting.begin(), waiting.end());
  return all;
}

}  // namespace

std::string file_of_message(std::string_view line) {
  if (line.starts_with(kStderr)) line.remove_prefix(kStderr.size());
  const std::string plain = without_colours(line);
  if (auto file = file_of_json(plain)) return *file;
  const auto message = parse_message(plain);
  return message ? std::string(message->file) : std::string();
}

std::vector<std::string> comparable_lines(const PrintedAnswer& answer, const Comparison& comparison) {
  std::vector<std::string> lines = grouped_by_file(answer.stdout_text, comparison.colours);
  if (comparison.stderr_text) {
    for (const std::string& line : grouped_by_file(answer.stderr_text, comparison.colours)) {
      lines.push_back(std::string(kStderr) + line);
    }
  }
  lines.push_back("exit status " + std::to_string(answer.exit_code));
  return lines;
}

}  // namespace runner

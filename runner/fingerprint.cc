#include "runner/fingerprint.h"

#include <cctype>
#include <map>
#include <optional>
#include <string_view>

#include "graph/digest.h"

namespace runner {
namespace {

constexpr std::size_t kDigits = 32;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Messages name other lines ("already defined on line 12"), which move too.
std::string without_line_numbers(std::string_view message) {
  constexpr std::string_view kBefore = "line ";
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    text += message[at++];
    if (!text.ends_with(kBefore)) continue;
    while (at < message.size() && is_digit(message[at])) ++at;
  }
  return text;
}

std::string without_spaces(std::string_view line) {
  std::string text;
  bool space = false;
  for (const char c : line) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      space = true;
      continue;
    }
    if (space && !text.empty()) text += ' ';
    space = false;
    text += c;
  }
  return text;
}

// The lines of one file at a time: findings come file by file.
class Sources {
 public:
  explicit Sources(const SourceReader& read) : read_(read) {}

  std::string line(const std::string& file, std::int32_t number) {
    if (file != file_ || !lines_) {
      file_ = file;
      lines_.emplace();
      if (auto lines = read_ ? read_(file) : std::nullopt) lines_ = std::move(lines);
    }
    const auto index = static_cast<std::size_t>(number) - 1;
    return number > 0 && index < lines_->size() ? without_spaces((*lines_)[index]) : "";
  }

 private:
  const SourceReader& read_;
  std::string file_;
  std::optional<std::vector<std::string>> lines_;
};

}  // namespace

std::string Fingerprint::unique() const {
  graph::DigestBuilder builder;
  builder.field("place", place);
  builder.field("occurrence", static_cast<std::uint64_t>(occurrence));
  return builder.finish().hex().substr(0, kDigits);
}

std::vector<Fingerprint> fingerprints(const ReportInput& input) {
  std::vector<Fingerprint> result;
  std::map<std::string, std::size_t> seen;
  Sources sources(input.read_source);
  for (const Finding& finding : input.findings) {
    graph::DigestBuilder builder;
    builder.field("path", input.paths.in_repository(finding.file));
    builder.field("code", finding.code.value_or(""));
    builder.field("message", without_line_numbers(finding.message));
    builder.field("source", sources.line(finding.file, finding.line));
    std::string place = builder.finish().hex().substr(0, kDigits);
    const std::size_t occurrence = ++seen[place];
    result.push_back({std::move(place), occurrence});
  }
  return result;
}

}  // namespace runner

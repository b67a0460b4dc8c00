#include "runner/rerooted_text.h"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace runner {
namespace {

constexpr std::string_view kJsonFile = "{\"file\": \"";

std::string moved(const std::string& prefix, std::string_view path) {
  return (std::filesystem::path(prefix) / path).lexically_normal().string();
}

// Where the path ends that a message of mypy begins with; 0 if there is none.
std::size_t end_of_path(std::string_view line, const std::function<bool(const std::string&)>& exists) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    const std::string_view rest = line.substr(colon + 1);
    const bool follows =
        !rest.empty() && (rest.front() == ' ' || (rest.front() >= '0' && rest.front() <= '9'));
    if (follows && colon > 0 && exists(std::string(line.substr(0, colon)))) return colon;
  }
  return 0;
}

bool is_summary(std::string_view line) {
  // With colours an escape sequence comes first.
  constexpr std::size_t kMostEscapes = 40;
  const std::string_view begin = line.substr(0, kMostEscapes);
  return line.starts_with("Found ") || line.starts_with("Success: ") ||
         (line.starts_with('\x1b') && (begin.find("Found ") != std::string_view::npos ||
                                       begin.find("Success: ") != std::string_view::npos));
}

std::string rerooted_line(std::string_view line, const std::string& prefix,
                          const std::function<bool(const std::string&)>& exists) {
  if (line.starts_with(kJsonFile)) {
    const std::size_t end = line.find('"', kJsonFile.size());
    const std::string_view path = line.substr(kJsonFile.size(), end - kJsonFile.size());
    if (end == std::string_view::npos || path.starts_with('/')) return std::string(line);
    return std::string(kJsonFile) + moved(prefix, path) + std::string(line.substr(end));
  }
  if (const std::size_t end = end_of_path(line, exists); end > 0) {
    if (line.starts_with('/')) return std::string(line);
    return moved(prefix, line.substr(0, end)) + std::string(line.substr(end));
  }
  if (is_summary(line)) return prefix + ": " + std::string(line);
  return std::string(line);
}

}  // namespace

std::string rerooted(const std::string& text, const std::string& prefix,
                     const std::function<bool(const std::string&)>& exists) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::size_t stop = end == std::string::npos ? text.size() : end;
    result += rerooted_line(std::string_view(text).substr(begin, stop - begin), prefix, exists);
    if (end != std::string::npos) result += '\n';
    begin = stop + 1;
  }
  return result;
}

}  // namespace runner
